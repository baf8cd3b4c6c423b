import type { Loss } from './exchange.js';

/** Why all values of a unit have to be read again; `detached`: the server was alone. */
export interface Cause {
  readonly kind: Loss | 'detached';
  /** The version of the image in Redis. */
  readonly found: number;
}

/** The same for people, once that is done. @param isThere an image was in Redis. @param own the version that was here. */
export function reasonOf({ kind, found }: Cause, isThere: boolean, own: number): string {
  if (!isThere) return 'the image was gone from Redis, which was emptied, or lost its data: made again of what is here';
  switch (kind) {
    case 'detached':
      return 'Redis is back: what it has replaces what was set here alone';
    case 'vanished':
    case 'remade':
      return 'another server has made the image again; writes that were answered shortly before may be lost';
    case 'rewound':
      return `Redis has lost its last changes by a failover or a restart (this server had ${own}, it has ${found}): writes that were answered may be lost`;
    case 'trimmed':
      return `this server was too far behind (it had ${own}, Redis has ${found}); nothing is lost`;
  }
}
