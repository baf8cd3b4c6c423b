import type { BoundServer } from '../listeners/server.js';

/** The name of a listener in the API: that of the config, or else its place. */
export function listenerName({ listener, name }: BoundServer): string {
  return listener.name ?? name;
}
