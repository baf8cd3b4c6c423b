import type { Command } from 'commander';
import { runParts } from '../app/app.js';
import type { Part } from '../app/part.js';
import { openOutput } from '../ground/output.js';
import { listSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { OF_SERIAL } from '../listeners/flags.js';
import type { lineOptions } from '../listeners/given.js';
import type { SerialListener } from '../listeners/schema.js';
import { Logger } from '../log/logger.js';
import { addCommand, addSettings, LOG_FORMAT, PCAP, refuseWords } from './shared.js';

const SERIAL = listSetting(
  '--serial PORT',
  'the line: /dev/ttyUSB0, COM3; an adapter of its own, beside those of the stations',
  (text) => text,
);

const DESCRIPTION =
  'Listens to a serial line without ever sending: shows the requests and replies of all stations, with their ' +
  'times, what made no sense, and which requests got no reply. Ctrl-C ends it.';

const NOTES = `
Each line has the time, the silence before, and
  > 2  a request to unit 2          ? bytes that belong to no frame
  < 2  the reply of unit 2          ! 2  unit 2 has not replied

Wireshark tells requests from replies by a port, and serial lines have none. So
name one, here or in its preferences of Modbus RTU:
  wireshark -o mbrtu.tcp.port:502 bus.pcapng

Exit codes: 0 ended as asked, 1 failed (such as a port in use), 2 wrong usage.

Examples:
  busbar monitor --serial /dev/ttyUSB0 --baud 9600 --parity none --stop-bits 1
  busbar monitor --serial /dev/ttyUSB0 --pcap bus.pcapng --log-format json`;

/** `busbar monitor` */
export function addMonitor(program: Command): void {
  const command = addCommand(program, 'monitor', 'listen to a serial line, and tell what its stations say');
  command.usage('--serial PORT [options]').description(DESCRIPTION).addHelpText('after', NOTES);
  addSettings(command, [SERIAL, PCAP, LOG_FORMAT]);
  addSettings(command, OF_SERIAL.settings);
  refuseWords(command, 'the line is given with --serial PORT');
  command.action(async () => {
    process.exitCode = await monitor(command);
  });
}

/** @returns the exit code. */
async function monitor(command: Command): Promise<number> {
  const given = await import('../listeners/given.js');
  const { line, pcap, logFormat } = monitorOptions(command, given.lineOptions);
  const log = new Logger(logFormat, 'info', openOutput(process.stdout));
  return await runParts(await partsOf(line, pcap, log), log);
}

/** Reads its options. @param readLine reads those of the line. @throws UsageError */
export function monitorOptions(command: Command, readLine: typeof lineOptions) {
  const [path, other] = SERIAL.of(command);
  if (path === undefined) throw new UsageError('monitor needs --serial PORT, the line to listen to');
  if (other !== undefined) throw new UsageError('--serial is given twice: start a monitor for each line');
  const line: SerialListener = { type: 'serial', path, ...readLine(command) };
  return { line, pcap: PCAP.of(command), logFormat: LOG_FORMAT.of(command) };
}

async function partsOf(line: SerialListener, pcap: string | undefined, log: Logger): Promise<Part[]> {
  const { BusPart } = await import('../parts/bus.js');
  const bus = new BusPart(line, log);
  if (pcap === undefined) return [bus];
  const { CapturePart } = await import('../parts/capture.js');
  return [new CapturePart(pcap, log, (capture) => bus.captureTo(capture)), bus];
}
