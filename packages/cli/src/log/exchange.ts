import type { FileWriteEvent, PassedMessage, Point, TraceMessage, WriteEvent } from 'busbar';
import {
  decodeReply,
  decodeRequest,
  describeReply,
  describeRequest,
  type ReplyFacts,
  type RequestFacts,
  requestedRanges,
} from 'busbar/protocol';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { LogEvent } from './event.js';
import { clientName, hex, plainFacts, rounded } from './facts.js';

/** A request, and what it has written. */
export interface Exchange {
  /** Name of the listener that it came to. */
  readonly listener: string;
  readonly request: TraceMessage;
  readonly written: (WriteEvent | FileWriteEvent)[];
}

const BROADCAST = 0;
const SHOWN_VALUES = 8;

/** What answers a request: the reply PDU, and the bytes that a hook has sent in its place, if it has. */
type Answer = Pick<TraceMessage, 'pdu' | 'sent'>;

/** What is asked, and what was done of it. */
interface Asked extends Pick<Exchange, 'written'> {
  readonly request: Pick<TraceMessage, 'pdu' | 'unit'>;
}

/** What a request and its answer say. */
export interface ExchangeFacts {
  readonly asked: RequestFacts;
  /** Undefined: there was no reply. */
  readonly answer: ReplyFacts | undefined;
  /** The points that it touches, in their order. */
  readonly points: readonly Point[];
  /** All of it in words. */
  readonly text: string;
}

/** To be asked as soon as the answer is there: points are told with the values that they have now. */
export function factsOf({ request, written }: Asked, given: Answer | undefined): ExchangeFacts {
  const { pdu } = request;
  const answer = given && decodeReply(given.pdu, pdu);
  const told = { asked: decodeRequest(pdu), answer, points: pointsOf(request) };
  const other = given?.sent === undefined ? '' : `, sent as ${hex(given.sent)}`;
  return { ...told, text: `${words(told, written)}${other}` };
}

/** @param duration from the request to its answer, in milliseconds. */
export function exchangeEvent(exchange: Exchange, given: Answer | undefined, duration: number): LogEvent {
  const { pdu: reply, sent } = given ?? {};
  const { listener, request, written } = exchange;
  const { peer, unit, unitId, pdu } = request;
  const { asked, answer, points, text } = factsOf(exchange, given);
  const writes = written.map(changed);
  const time = answer && rounded(duration);
  const took = time === undefined ? '' : ` (${time} ms)`;
  return {
    event: 'request',
    text: `${clientName(peer)} to ${addressee(request, reply)}: ${text}${took}`,
    listener,
    peer,
    unitId,
    ...(unit && unitFacts(unit)),
    request: { pdu: hex(pdu), ...plainFacts(asked) },
    ...(reply && answer && { reply: { pdu: hex(reply), ...plainFacts(answer) } }),
    ...(sent && { sent: hex(sent) }),
    ...(points.length > 0 && { points: points.map(({ name }) => name) }),
    ...(writes.length > 0 && { written: writes }),
    duration: time,
  };
}

function addressee({ unit, unitId }: TraceMessage, reply: Uint8Array | undefined): string {
  if (unit !== undefined) return unit.id === unitId ? unitName(unit) : `${unitName(unit)} by the id ${unitId}`;
  return unitId === BROADCAST && reply === undefined ? 'all units' : `unit ${unitId}, which is not served`;
}

/** The request with what became of it. What the reply only repeats is not said twice. */
function words({ asked: facts, answer, points }: Omit<ExchangeFacts, 'text'>, written: Exchange['written']): string {
  const asked = describeRequest(facts) + written.map((each) => before(each, facts)).join('');
  const names = listed(points.map(({ name }) => name));
  if (answer === undefined) return `${asked}${names}: no reply`;
  if (answer.exceptionCode !== undefined) return `${asked}${names}: ${withoutFunction(describeReply(answer))}`;
  const answered = describeReply(answer);
  const values = listed(points.map(({ name, text }) => `${name} ${text}`));
  if (asked.startsWith(answered)) return asked + values;
  return (answered.startsWith(asked) ? answered : `${asked}: ${answered}`) + values;
}

function pointsOf({ unit, pdu }: Asked['request']): Point[] {
  if (unit === undefined) return [];
  const touched = requestedRanges(pdu).flatMap(({ table, address, quantity }) =>
    unit.pointsAt(table, address, quantity),
  );
  return [...new Set(touched)];
}

function listed(points: readonly string[]): string {
  if (points.length === 0) return '';
  const more = points.length > SHOWN_VALUES ? ` … (${points.length} points)` : '';
  return ` [${points.slice(0, SHOWN_VALUES).join(', ')}${more}]`;
}

/** `exception 02 illegal data address`, without the name of the function behind it. */
function withoutFunction(exception: string): string {
  return exception.replace(/ \(.*\)$/, '');
}

/** What was there before. A request with masks does not tell itself what is there now. */
function before({ values, previous }: Exchange['written'][number], { andMask }: RequestFacts): string {
  return andMask === undefined ? `, was ${some(previous)}` : `, ${some(previous)} -> ${some(values)}`;
}

function changed(written: Exchange['written'][number]): Record<string, unknown> {
  const { unit, peer, ...facts } = written;
  return { unit: unit.id, ...facts };
}

function some(values: readonly (number | boolean)[]): string {
  const shown = values.slice(0, SHOWN_VALUES).map(Number).join(', ');
  return values.length > SHOWN_VALUES ? `${shown} … (${values.length})` : shown;
}

/** A frame of another station on a line. */
export function passedEvent(listener: string, { kind, unitId, pdu, request }: PassedMessage): LogEvent {
  const facts = kind === 'request' ? decodeRequest(pdu) : decodeReply(pdu, request);
  const words = kind === 'request' ? describeRequest(decodeRequest(pdu)) : describeReply(decodeReply(pdu, request));
  const text = `${listener}: ${kind === 'request' ? 'to' : 'from'} unit ${unitId}, another station: ${words}`;
  return { event: 'passed', text, listener, kind, unitId, pdu: hex(pdu), ...plainFacts(facts) };
}
