import type { EventData, EventType, UnitKey } from '../contract.js';
import type { FeedEvent } from './feed.js';

/** The unit that somebody wants to hear of. */
interface WantedUnit {
  readonly key: UnitKey;
  readonly id: number;
}

/** What somebody wants to hear. */
export interface Filter {
  readonly types: ReadonlySet<EventType>;
  /** Undefined: all units. Events that are not of a unit are told in either case. */
  readonly unit?: WantedUnit | undefined;
}

/** The data of an event as far as somebody wants them; undefined if not at all. */
export function wanted({ types, unit }: Filter, { type, json }: FeedEvent): string | undefined {
  if (type === 'start' || !types.has(type)) return undefined;
  if (unit === undefined) return json;
  if (type === 'change') return ofChange(JSON.parse(json), unit);
  if (type === 'write') return ofWrite(JSON.parse(json), unit) ? json : undefined;
  return type === 'request' ? ofRequests(JSON.parse(json), unit) : json;
}

function ofChange({ points, ranges }: EventData<'change'>, { key }: WantedUnit): string | undefined {
  const mine = {
    points: points.filter(({ unit }) => unit === key),
    ranges: ranges.filter(({ unit }) => unit === key),
  };
  return mine.points.length + mine.ranges.length === 0 ? undefined : JSON.stringify(mine);
}

function ofWrite({ unit }: EventData<'write'>, { key }: WantedUnit): boolean {
  return unit === key;
}

function ofRequests({ exchanges, leftOut }: EventData<'request'>, { id }: WantedUnit): string | undefined {
  const mine = exchanges.filter(({ unit }) => unit === id);
  return mine.length === 0 ? undefined : JSON.stringify({ exchanges: mine, leftOut });
}
