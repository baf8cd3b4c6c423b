import { DEFAULT_HOST, DEFAULT_TLS_PORT, formatPath } from 'busbar';
import type { Path } from '../ground/path.js';
import { formatPlace, type Place, placesConflict } from '../listeners/place.js';
import { numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';

interface Placed {
  path: Path;
  place: Place;
}

/** Listeners that want the same port, path or name. */
export function listenProblems(listeners: readonly unknown[]): Problem[] {
  return [...placeClashes(listeners), ...repeatedNames(listeners)];
}

function repeatedNames(listeners: readonly unknown[]): Problem[] {
  const names = listeners.map((listener) => valueAt(listener, 'name'));
  return names.flatMap((name, i) => {
    const first = names.indexOf(name);
    if (typeof name !== 'string' || first === i) return [];
    return [
      { path: ['listen', i, 'name'], message: `${formatPath(['listen', first])} has the name "${name}" already` },
    ];
  });
}

function placeClashes(listeners: readonly unknown[]): Problem[] {
  const placed = listeners.flatMap((listener, i) => placedAt(listener, ['listen', i]));
  return placed.flatMap(({ path, place }, i) => {
    const other = placed.slice(0, i).find((earlier) => placesConflict(earlier.place, place));
    if (!other) return [];
    const [key, verb] = 'path' in place ? ['path', 'has'] : ['port', 'listens on'];
    return [{ path: [...path, key], message: `${formatPath(other.path)} ${verb} ${formatPlace(other.place)} already` }];
  });
}

function placedAt(listener: unknown, path: Path): Placed[] {
  const type = valueAt(listener, 'type');
  if (type === 'unix' || type === 'serial') {
    const file = valueAt(listener, 'path');
    return typeof file === 'string' ? [{ path, place: { path: file } }] : [];
  }
  const host = valueAt(listener, 'host') ?? DEFAULT_HOST;
  const port = numberAt(listener, 'port') ?? (type === 'tls' ? DEFAULT_TLS_PORT : undefined);
  if (port === undefined || typeof host !== 'string') return [];
  return [{ path, place: { network: type === 'udp' ? 'udp' : 'tcp', host, port } }];
}
