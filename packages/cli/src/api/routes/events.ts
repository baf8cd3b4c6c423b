import { EVENT_TYPES, type EventType } from '../contract.js';
import type { Filter } from '../events/filter.js';
import { Reader } from '../events/reader.js';
import { eventStream } from '../events/stream.js';
import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { keyOf, unitOf } from '../units.js';

export function eventRoutes(services: Services): Handlers<'getEvents'> {
  const { feed, room } = services;
  return {
    getEvents({ query, headers }) {
      const filter = { types: typesOf(query.types), unit: wantedUnit(query.unit, services) };
      const lastId = lastIdOf(headers);
      room.check();
      return eventStream(() => new Reader(feed, filter, lastId), room);
    },
  };
}

function typesOf(list: string | undefined): Filter['types'] {
  const given = list === undefined ? EVENT_TYPES : list.split(',').map((each) => each.trim());
  return new Set(given.map(checkedType));
}

function checkedType(word: string): EventType {
  const type = EVENT_TYPES.find((each) => each === word);
  if (type !== undefined) return type;
  throw new ApiProblem(400, `types: there are no events "${word}"`, { allowed: EVENT_TYPES });
}

function wantedUnit(key: string | undefined, { device }: Services): Filter['unit'] {
  if (key === undefined) return undefined;
  const unit = unitOf(key, device);
  return { key: keyOf(unit, device.units), id: unit.id };
}

/** Of another feed, or none at all, it is as old as can be. */
function lastIdOf(headers: Headers): number | undefined {
  const text = headers.get('Last-Event-ID');
  if (text === null || text === '') return undefined;
  return /^\d{1,16}$/.test(text) ? Number(text) : 0;
}
