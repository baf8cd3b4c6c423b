import { ConfigError, formatProblem } from '../config/problems.js';
import type { Setup } from '../config/setup.js';
import { type DeviceChanges, describeChanges } from '../device/changes.js';
import { OpenError } from '../device/open.js';
import { amount } from '../ground/amount.js';
import { unitListed } from '../listeners/unit-name.js';
import type { Logger } from '../log/logger.js';
import { logUnserved, logWarnings } from './warnings.js';

/** Logs what a reload has changed. */
export function logReloaded(changes: DeviceChanges, setup: Setup, log: Logger): void {
  const { units, behaviours, listeners, faults, webhooks, restart } = changes;
  const changed = describeChanges(changes).join(', ');
  const facts = {
    config: setup.config,
    units: {
      added: units.added.map(unitListed),
      changed: units.changed.map(unitListed),
      removed: units.removed.map(unitListed),
    },
    behaviours: behaviours.map(unitListed),
    listeners,
    faults,
    webhooks,
  };
  const text = `${setup.config} is loaded again: ${changed === '' ? 'nothing has changed' : changed}`;
  log.log('info', { event: 'reloaded', text, ...facts });
  for (const key of restart) {
    const advice = `${key}: what has changed here takes effect only when busbar is started again`;
    log.log('warn', { event: 'restartNeeded', text: advice, key });
  }
  logWarnings(setup, log);
  logUnserved(setup, log);
}

/** Logs why a reload has changed nothing. */
export function logReloadFailure(error: unknown, config: string | undefined, log: Logger): void {
  if (error instanceof ConfigError) logProblems(error, log);
  const text = `${config} is not loaded again: ${reason(error)}; the device goes on as it was`;
  const facts = error instanceof OpenError ? { listener: error.listener, code: error.code } : {};
  log.log('error', { event: 'reloadFailed', text, config, ...facts });
}

function logProblems({ file, problems }: ConfigError, log: Logger): void {
  for (const problem of problems) {
    const { line, column, key, message } = problem;
    log.log('error', { event: 'config', text: formatProblem(file, problem), line, column, key, problem: message });
  }
}

function reason(error: unknown): string {
  if (error instanceof ConfigError) return amount(error.problems.length, 'problem');
  return error instanceof Error ? error.message : String(error);
}
