import { type ReplyFacts, requestedRanges } from 'busbar/protocol';
import { type ExchangeFacts, factsOf } from '../../log/exchange.js';
import type { EndedExchange } from '../../log/exchanges.js';
import { hex, rounded } from '../../log/facts.js';
import type { Exchange } from '../contract.js';
import { listenerName } from '../listener-name.js';
import { peerToJson } from '../sources.js';
import type { PassedExchange } from './passed.js';

/** To be asked as soon as it has ended: points are told with the values that they have now. */
export function exchangeToJson(exchange: EndedExchange, id: number): Exchange {
  const { request, reply } = exchange;
  return toJson(exchange, factsOf(exchange, reply), { id, client: peerToJson(request.peer) });
}

/** Nobody knows who asks on a line. */
const UNKNOWN: Exchange['client'] = { address: null, port: null, transport: 'line' };

/** An exchange of other stations. */
export function passedToJson(exchange: PassedExchange, id: number): Exchange {
  const { request, reply } = exchange;
  const facts = factsOf({ request: { pdu: request.pdu }, written: [] }, reply);
  return { ...toJson(exchange, facts, { id, client: UNKNOWN }), passed: true };
}

function toJson(
  { bound, request, reply, time, duration }: EndedExchange | PassedExchange,
  { asked, answer, points, text }: ExchangeFacts,
  { id, client }: Pick<Exchange, 'id' | 'client'>,
): Exchange {
  const range = rangeOf(request.pdu);
  const values = answer?.exceptionCode === undefined ? (answer?.values ?? asked.values) : asked.values;
  return {
    id,
    time,
    listener: listenerName(bound),
    client,
    unit: request.unitId,
    functionCode: asked.functionCode,
    name: capitalised(asked.name),
    ...(range && { range }),
    points: points.map(({ name }) => name),
    request: hex(request.pdu),
    reply: reply === undefined ? null : hex(reply.pdu),
    summary: text,
    ...(values && { values: isOfBits(range) ? values.map(Boolean) : [...values] }),
    ...exceptionOf(answer),
    took: rounded(duration),
  };
}

function rangeOf(pdu: Uint8Array): Exchange['range'] {
  const [first] = requestedRanges(pdu);
  return first && { table: first.table, start: first.address, count: first.quantity };
}

function isOfBits(range: Exchange['range']): boolean {
  return range?.table === 'coils' || range?.table === 'discreteInputs';
}

function exceptionOf(answer: ReplyFacts | undefined): Pick<Exchange, 'exception'> {
  const code = answer?.exceptionCode;
  if (code === undefined) return {};
  return { exception: { code, name: answer?.exceptionName ?? `exception ${code}` } };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
