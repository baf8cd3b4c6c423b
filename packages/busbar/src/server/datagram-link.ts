import type { Client } from '../data/request.js';
import { asError } from '../errors.js';
import type { Link } from './link.js';

/** Where the session of one datagram sends its reply. */
export function datagramLink(
  client: Client,
  send: (reply: Uint8Array) => void,
  done: () => void,
  failed: (error: Error) => void,
): Link {
  return {
    client,
    send: (reply) => {
      try {
        send(reply);
      } catch (error) {
        failed(asError(error));
      }
      return true;
    },
    pause() {},
    resume() {},
    end: done,
    destroy: done,
  };
}
