import { ListenError } from 'busbar';
import { BusMonitor, type CaptureFile, captureMonitor } from 'busbar/monitor';
import { stopRequested } from '../app/stop.js';
import { openOutput } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import { describeListener } from '../listeners/describe.js';
import { usageError } from '../listeners/refused.js';
import type { SerialListener } from '../listeners/types.js';
import { logBus } from '../log/bus.js';
import { Logger } from '../log/logger.js';
import { closeCapture, openCapture } from '../parts/capture.js';
import type { MonitorOptions } from './monitor-arguments.js';

/** `busbar monitor`. @returns the exit code. */
export async function monitor({ line, pcap, logFormat }: MonitorOptions): Promise<number> {
  const log = new Logger(logFormat, 'info', openOutput(process.stdout));
  const code = await captured(createMonitor(line), line, pcap, log);
  log.end();
  return code;
}

async function captured(bus: BusMonitor, line: SerialListener, pcap: string | undefined, log: Logger): Promise<number> {
  if (pcap === undefined) return await run(bus, line, log);
  const capture: CaptureFile | undefined = await openCapture(pcap, log);
  if (capture === undefined) return 1;
  captureMonitor(capture, bus, line.path);
  const code = await run(bus, line, log);
  await closeCapture(capture, log);
  return code;
}

function createMonitor({ type, reconnect, ...source }: SerialListener): BusMonitor {
  try {
    return new BusMonitor(source);
  } catch (error) {
    throw usageError(error, `--serial ${source.path}`);
  }
}

async function run(bus: BusMonitor, line: SerialListener, log: Logger): Promise<number> {
  const stop = stopRequested(log);
  logBus(bus, line.path, log);
  try {
    await bus.listen();
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    log.fail({ event: 'listenFailed', text: error.message, code: error.code });
    return 1;
  }
  const [where] = describeListener(line);
  log.announce(
    { event: 'listening', text: `${where} is listened to`, path: line.path },
    `${shown(where)}; Ctrl-C stops`,
  );
  await stop;
  await bus.close();
  return 0;
}
