import { normalize } from 'node:path';
import { DEFAULT_HOST, DEFAULT_TLS_PORT, formatEndpoint } from 'busbar';
import { endpointsConflict } from './endpoint.js';
import type { Listener } from './schema.js';

/** The address that a listener does not share: a port of a protocol, or a path. */
export type Place = { network: 'tcp' | 'udp'; host: string; port: number } | { path: string };

export function placeOf(listener: Listener): Place {
  switch (listener.type) {
    case 'serial':
    case 'unix':
      return { path: listener.path };
    case 'udp':
      return { network: 'udp', host: listener.host ?? DEFAULT_HOST, port: listener.port };
    case 'tls':
      return { network: 'tcp', host: listener.host ?? DEFAULT_HOST, port: listener.port ?? DEFAULT_TLS_PORT };
    case 'tcp':
      return { network: 'tcp', host: listener.host ?? DEFAULT_HOST, port: listener.port };
  }
}

/** `127.0.0.1:5020`, or the path. */
export function formatPlace(place: Place): string {
  return 'path' in place ? place.path : formatEndpoint(place.host, place.port);
}

/** `tcp 127.0.0.1:5020`, or `tcp 127.0.0.1:5020 (field bus)` for one with a name. */
export function formatListener(listener: Listener): string {
  const name = listener.name === undefined ? '' : ` (${listener.name})`;
  return `${listener.type} ${formatPlace(placeOf(listener))}${name}`;
}

/** Whether two listeners cannot have both places. */
export function placesConflict(one: Place, other: Place): boolean {
  if ('path' in one) return 'path' in other && normalize(one.path) === normalize(other.path);
  return !('path' in other) && one.network === other.network && endpointsConflict(one, other);
}
