import type { Duplex } from 'node:stream';
import type { Client } from '../data/request.js';
import type { Link } from './session.js';
import type { TransportHost } from './transport.js';

/** Serves the peer at the other end of a stream until the stream closes. */
export function serveStream(host: TransportHost, stream: Duplex, client: Client): void {
  const session = host.connect(streamLink(stream, client));
  if (session === undefined) {
    stream.on('error', () => undefined);
    stream.destroy();
    return;
  }
  let failure: Error | undefined;
  stream.on('data', (chunk: Uint8Array) => session.receive(chunk));
  stream.on('drain', () => session.drained());
  stream.on('end', () => session.inputEnded());
  stream.on('error', (error: Error) => {
    failure = error;
    session.failed(error);
  });
  stream.on('close', () => host.disconnect(session, failure));
}

function streamLink(stream: Duplex, client: Client): Link {
  return {
    client,
    send: (bytes) => stream.write(bytes),
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    end: (linger) => {
      // Reading on, into nothing: closing with unread input would reset the connection and lose the last replies.
      stream.resume();
      stream.end(() => {
        if (!linger) setImmediate(() => stream.destroy());
      });
    },
    destroy: () => stream.destroy(),
  };
}
