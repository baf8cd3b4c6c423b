import type { Exchange, Range } from '../../api/contract.js';
import type { Draft } from './draft.js';
import { isIn } from './networks.js';
import { numbersOrTexts, partsOf } from './numbers.js';

type Touched = Pick<Range, 'table' | 'start' | 'count'>;

/**
 * Whether a fault would be for a request.
 * @param listeners the names of all listeners: faults may have their places, from 1 on.
 */
export function fits(draft: Draft, exchange: Exchange, listeners: readonly string[]): boolean {
  const { unit, functions, peer, listener } = draft;
  const isOfListener = listener === '' || listeners[Number(listener) - 1] === exchange.listener;
  return isOfListener && isOneOf(unit, exchange.unit) && isOneOf(functions, exchange.functionCode)
    ? isOfPeer(peer, exchange) && touches(draft, exchange)
    : false;
}

function isOneOf(wanted: string, found: number): boolean {
  return wanted.trim() === '' || numbersOrTexts(wanted).includes(found);
}

function isOfPeer(wanted: string, { client }: Exchange): boolean {
  const peers = partsOf(wanted);
  return peers.length === 0 || peers.some((peer) => client.address !== null && isIn(client.address, peer));
}

function touches({ table, start, count }: Draft, exchange: Exchange): boolean {
  if (table === '') return true;
  const first = start === '' ? 0 : Number(start);
  const end = start === '' ? Number.POSITIVE_INFINITY : first + Number(count || 1);
  return rangesOf(exchange).some(
    (range) => range.table === table && range.start < end && range.start + Math.max(1, range.count) > first,
  );
}

const READ_WRITE = 23;

/** The API tells the first range of a request; function 23 has a second one, which it writes. */
function rangesOf({ range, functionCode, request }: Exchange): Touched[] {
  if (range === undefined) return [];
  if (functionCode !== READ_WRITE) return [range];
  const [start, count] = [request.slice(10, 14), request.slice(14, 18)].map((digits) => Number.parseInt(digits, 16));
  return [range, { table: 'holdingRegisters', start: start ?? 0, count: count ?? 0 }];
}
