import type { Client } from '../data/request.js';
import { asError } from '../errors.js';
import { isPromiseLike, toPromise } from '../promise.js';
import type { Link } from './link.js';

/** Where the session of one datagram sends its reply. */
export function datagramLink(
  client: Client,
  send: (reply: Uint8Array) => unknown,
  done: () => void,
  failed: (error: Error) => void,
): Link {
  return {
    client,
    peer: `${client.address} ${client.port}`,
    send: (reply) => {
      const fail = (thrown: unknown) => failed(asError(thrown));
      try {
        const sent = send(reply);
        if (isPromiseLike(sent)) toPromise(sent).catch(fail);
      } catch (error) {
        fail(error);
      }
      return true;
    },
    pause() {},
    resume() {},
    end: done,
    destroy: done,
  };
}
