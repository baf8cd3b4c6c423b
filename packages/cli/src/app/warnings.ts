import { formatProblem } from '../config/problems.js';
import { type Setup, unservedUnits } from '../config/setup.js';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { Logger } from '../log/logger.js';

/** The warnings of a config, one line each, in the form of its errors. */
export function warningLines({ config = '', warnings }: Setup): string[] {
  return warnings.map((warning) => formatProblem(config, warning, 'warning: '));
}

export function logWarnings({ config = '', warnings }: Setup, log: Logger): void {
  for (const warning of warnings) {
    const { line, column, key, message: problem } = warning;
    log.log('warn', { event: 'config', text: formatProblem(config, warning), line, column, key, problem });
  }
}

export function logUnserved(setup: Setup, log: Logger): void {
  for (const unit of unservedUnits(setup)) {
    log.log('warn', { event: 'unserved', text: `no listener serves ${unitName(unit)}`, ...unitFacts(unit) });
  }
}
