import type { Unit } from 'busbar';
import { captureServer } from 'busbar/monitor';
import { amount } from '../amount.js';
import type { ServeOptions } from '../arguments.js';
import { banner } from '../banner.js';
import { closeCapture, openCapture } from '../capture.js';
import { loadConfig } from '../config/load.js';
import { configSchema } from '../config/schema.js';
import { addListeners, type BoundServer, type Device, testDevice } from '../device.js';
import { logTraffic, logWrites } from '../events.js';
import { version } from '../help.js';
import { listenAll } from '../listen.js';
import { type LogEvent, Logger } from '../log.js';
import { openOutput, print } from '../output.js';
import { stopRequested } from '../stop.js';

/** `busbar serve`. @returns the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  if (options.printSchema) return await print(`${JSON.stringify(configSchema, undefined, 2)}\n`);
  const device = options.config === undefined ? testDevice() : loadConfig(options.config);
  addListeners(device, options.listeners);
  if (options.check) {
    const { units, servers } = device;
    return await print(
      `${options.config}: ok, ${amount(units.length, 'unit')}, ${amount(servers.length, 'listener')}\n`,
    );
  }
  const log = new Logger(options.logFormat, options.logLevel, openOutput(process.stdout));
  const code = await captured(device, options.pcap, log);
  log.end();
  return code;
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

async function run({ units, servers, config }: Device, log: Logger): Promise<number> {
  const stop = stopRequested(log);
  logTraffic(servers, log);
  logWrites(units, log);
  if (!(await listenAll(servers, log))) return 1;
  const listening = servers.map(({ listener }) => listener);
  const title = `Busbar ${version()} serves ${config ?? 'a plain test device, as there is no --config'}`;
  log.announce(serving(units), `${banner(title, listening, units, log)}\n`);
  const asked = await Promise.race([stop.then(() => true), allEnded(servers).then(() => false)]);
  if (!asked) log.fail({ event: 'ended', text: 'no listener is left' });
  await closeAll(servers);
  log.log('info', { event: 'stopped', text: 'stopped' });
  return asked ? 0 : 1;
}

/** Resolves when no listener is left, as when a serial port is lost for good. */
async function allEnded(servers: readonly BoundServer[]): Promise<void> {
  await Promise.all(servers.map(({ server }) => new Promise<void>((resolve) => server.once('close', resolve))));
}

function serving(units: readonly Unit[]): LogEvent {
  const named = units.map(({ id, name }) => ({ id, name }));
  return { event: 'serving', text: `serving ${amount(units.length, 'unit')}`, version: version(), units: named };
}

async function closeAll(servers: readonly BoundServer[]): Promise<void> {
  await Promise.all(servers.map(({ server }) => server.close()));
}
