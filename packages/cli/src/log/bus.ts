import type { BusFrame, BusMonitor, BusNoise } from 'busbar/monitor';
import { decodeReply, decodeRequest, describeReply, describeRequest, type PduFacts } from 'busbar/protocol';
import { amount } from '../ground/amount.js';
import { shown } from '../ground/shown.js';
import { hex, plainFacts, rounded } from './facts.js';
import { describeLoss, logLineCounters } from './lines.js';
import type { Logger } from './logger.js';

const MAX_SHOWN_BYTES = 32;
const SIGNS = { request: '>', reply: '<' } as const;

/** Logs what a monitor hears, with the line's counters at its end. */
export function logBus(bus: BusMonitor, path: string, log: Logger): void {
  bus.on('frame', (frame) => logFrame(frame, log));
  bus.on('noise', (noise) => logNoise(noise, log));
  bus.on('unanswered', ({ unitId }) => {
    const text = `unit ${unitId} has not replied`;
    log.announce({ event: 'unanswered', text, unit: unitId }, `${' '.repeat(WIDTH)} ! ${unitId}  no reply`);
  });
  bus.on('portLost', (loss) => {
    log.log('warn', { event: 'portLost', ...describeLoss(path, loss), path, reopening: loss.reopening });
  });
  bus.on('portOpened', () => log.log('info', { event: 'portOpened', text: `${path} is open again`, path }));
  bus.on('error', (error) => log.log('warn', { event: 'error', text: error.message, path }));
  bus.on('close', () => logLineCounters(path, bus.counters, log));
}

function logFrame(frame: BusFrame, log: Logger): void {
  const { kind, unitId, pdu, request, start, end, gap } = frame;
  const { facts, text } = kind === 'request' ? explainRequest(pdu) : explainReply(pdu, request?.pdu);
  const times = { time: iso(start), gap: gap && rounded(gap), duration: rounded(end - start) };
  const responseTime = request && { responseTime: rounded(start - request.end) };
  log.announce(
    { event: 'frame', text, ...times, ...responseTime, kind, unit: unitId, pdu: hex(pdu), ...plainFacts(facts) },
    `${log.dim(when(start, gap))} ${SIGNS[kind]} ${unitId}  ${shown(text)}`,
  );
}

function explainRequest(pdu: Uint8Array): { facts: PduFacts; text: string } {
  const facts = decodeRequest(pdu);
  return { facts, text: describeRequest(facts) };
}

function explainReply(pdu: Uint8Array, request: Uint8Array | undefined): { facts: PduFacts; text: string } {
  const facts = decodeReply(pdu, request);
  return { facts, text: describeReply(facts) };
}

function logNoise({ start, gap, bytes }: BusNoise, log: Logger): void {
  const shown = hex(bytes.subarray(0, MAX_SHOWN_BYTES)).replace(/..(?=.)/g, '$& ');
  const more = bytes.length > MAX_SHOWN_BYTES ? ' …' : '';
  const text = `${amount(bytes.length, 'byte')} of no frame: ${shown}${more}`;
  log.announce(
    { event: 'noise', text, time: iso(start), gap: gap && rounded(gap), bytes: hex(bytes) },
    `${log.dim(when(start, gap))} ? ${text}`,
  );
}

/** Characters of the column that `when` makes. */
const WIDTH = 26;

/** `22:31:04.123  +  12.3 ms`: the time of day, and the silence before. */
function when(start: number, gap: number | undefined): string {
  const time = new Date(start);
  const clock = `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  return `${clock}  ${silence(gap)}`.padEnd(WIDTH);
}

function silence(gap: number | undefined): string {
  if (gap === undefined) return '';
  return gap < 1000 ? `+${gap.toFixed(1).padStart(6)} ms` : `+${(gap / 1000).toFixed(1).padStart(6)} s`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
