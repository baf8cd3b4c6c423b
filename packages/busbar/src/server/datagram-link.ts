import type { Client } from '../data/request.js';
import { asError } from '../errors.js';
import { isPromiseLike, toPromise } from '../promise.js';
import type { EchoGuard } from './echo-guard.js';
import type { Link } from './link.js';

/** Where the session of one datagram sends its reply. */
export function datagramLink(
  client: Client,
  send: (reply: Uint8Array) => unknown,
  done: () => void,
  failed: (error: Error) => void,
  echoes: EchoGuard,
): Link {
  const peer = `${client.address} ${client.port}`;
  return {
    client,
    peer,
    guard: echoes.begin(peer),
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
