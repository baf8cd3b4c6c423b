import type { Unit } from 'busbar';
import { captureServer } from 'busbar/monitor';
import { listenAll } from '../app/listen.js';
import { stopRequested } from '../app/stop.js';
import { logWarnings, warningLines } from '../app/warnings.js';
import { loadConfig } from '../config/load.js';
import { configSchema } from '../config/schema.js';
import { type Device, placeListeners, testDevice, unservedUnits } from '../config/setup.js';
import { amount } from '../ground/amount.js';
import { openOutput, print } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import type { BoundServer } from '../listeners/server.js';
import { unitFacts, unitListed, unitName } from '../listeners/unit-name.js';
import { banner } from '../log/banner.js';
import { type LogEvent, Logger } from '../log/logger.js';
import { logTraffic, logWrites } from '../log/traffic.js';
import { closeCapture, openCapture } from '../parts/capture.js';
import type { ServeOptions } from './arguments.js';
import { version } from './help.js';

/** `busbar serve`. @returns the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  if (options.printSchema) return await print(`${JSON.stringify(configSchema, undefined, 2)}\n`);
  const device = options.config === undefined ? testDevice(options.wait) : loadConfig(options.config, options.wait);
  placeListeners(device, options.listeners);
  if (options.check) {
    process.stderr.write(
      warningLines(device)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return await print(checked(device));
  }
  const log = new Logger(options.logFormat, options.logLevel, openOutput(process.stdout));
  const code = await captured(device, options.pcap, log);
  log.end();
  return code;
}

/** What `--check` says of a config that is sound; who serves what, unless every listener serves everything. */
function checked(device: Device): string {
  const { config, units, servers, warnings } = device;
  const parts = servers.some((bound) => bound.units.length < units.length);
  const served = parts ? servers.map((bound) => `  ${bound.name}: ${bound.units.map(unitName).join(', ')}`) : [];
  const unserved = unservedUnits(device).map((unit) => `  no listener serves ${unitName(unit)}`);
  const doubts = warnings.length === 0 ? '' : `, ${amount(warnings.length, 'warning')}`;
  const counts = `${config}: ok, ${amount(units.length, 'unit')}, ${amount(servers.length, 'listener')}${doubts}`;
  return [counts, ...served, ...unserved].map((line) => `${shown(line)}\n`).join('');
}

async function captured(device: Device, pcap: string | undefined, log: Logger): Promise<number> {
  if (pcap === undefined) return await run(device, log);
  const capture = await openCapture(pcap, log);
  if (capture === undefined) return 1;
  for (const bound of device.servers) {
    // Only then it has its port in its name.
    bound.server.once('listening', () => captureServer(capture, bound.server, bound.name));
  }
  const code = await run(device, log);
  await closeCapture(capture, log);
  return code;
}

async function run(device: Device, log: Logger): Promise<number> {
  const { units, servers, config } = device;
  const stop = stopRequested(log);
  logTraffic(servers, log);
  logWrites(units, log);
  if (!(await listenAll(servers, log))) return 1;
  const title = `Busbar ${version()} serves ${config ?? 'a plain test device, as there is no --config'}`;
  log.announce(serving(units), `${banner(title, servers, units, log)}\n`);
  logSurprises(device, log);
  const asked = await Promise.race([stop.then(() => true), allEnded(servers).then(() => false)]);
  if (!asked) log.fail({ event: 'ended', text: 'no listener is left' });
  await closeAll(servers);
  log.end();
  log.log('info', { event: 'stopped', text: 'stopped' });
  return asked ? 0 : 1;
}

/** What of the config is not as it may seem. */
function logSurprises(device: Device, log: Logger): void {
  logWarnings(device, log);
  const { config, replaced } = device;
  if (replaced > 0) {
    const text = `the command line has listeners, so ${amount(replaced, 'listener')} of ${config} ${replaced === 1 ? 'is' : 'are'} left out`;
    log.log('info', { event: 'listenersReplaced', text, count: replaced });
  }
  for (const unit of unservedUnits(device)) {
    log.log('warn', { event: 'unserved', text: `no listener serves ${unitName(unit)}`, ...unitFacts(unit) });
  }
}

/** Resolves when no listener is left, as when a serial port is lost for good. */
async function allEnded(servers: readonly BoundServer[]): Promise<void> {
  await Promise.all(servers.map(({ server }) => new Promise<void>((resolve) => server.once('close', resolve))));
}

function serving(units: readonly Unit[]): LogEvent {
  return {
    event: 'serving',
    text: `serving ${amount(units.length, 'unit')}`,
    version: version(),
    units: units.map(unitListed),
  };
}

async function closeAll(servers: readonly BoundServer[]): Promise<void> {
  await Promise.all(servers.map(({ server }) => server.close()));
}
