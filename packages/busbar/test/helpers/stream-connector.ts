import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerCounters } from 'busbar';
import type { Connector, Peer, SuiteOptions } from '../conformance/connector.js';
import { asciiClient, LineClient, rtuClient } from './line-client.js';
import { MbapClient } from './mbap-client.js';
import { mbapPeer } from './tcp-connector.js';

type FramingName = 'mbap' | 'rtu' | 'ascii';

/** A server that listens, and how to reach it. */
export interface ServedStreams {
  server: { readonly counters: Readonly<ServerCounters>; shutdown(): Promise<void> };
  connect(): Promise<Duplex> | Duplex;
}

/** A bound for a server that sees nothing, not a measure of its speed. */
const MAX_LOOKS = 10_000;

/** How the suite reaches a server whose clients are streams of bytes, or of datagrams. */
export function streamConnector(
  framing: FramingName,
  serve: (options: SuiteOptions & { framing: FramingName }) => Promise<ServedStreams>,
  { datagrams = false } = {},
): Connector {
  return {
    passesRefusals: framing !== 'mbap' || datagrams,
    impliedLength: framing === 'rtu' && !datagrams,
    async start(options) {
      const { server, connect } = await serve({ ...options, framing });
      return {
        open: async () => createPeer(framing, await connect(), server.counters),
        close: () => server.shutdown(),
      };
    },
  };
}

function createPeer(framing: FramingName, stream: Duplex, counters: Readonly<ServerCounters>): Peer {
  if (framing === 'mbap') return mbapPeer(new MbapClient(stream));
  const close = () => closeStream(stream);
  if (framing === 'ascii') return new LineClient(stream, { framing: asciiClient(), close });
  return new LineClient(stream, { framing: rtuClient, close, taken: () => frameTaken(counters) });
}

/** Resolves when the server has seen one more frame, intact or not, whoever it was for. */
async function frameTaken(counters: Readonly<ServerCounters>): Promise<void> {
  const count = () => counters.messages + counters.communicationErrors;
  const before = count();
  for (let look = 0; look < MAX_LOOKS; look++) {
    if (count() > before) return;
    await delay(1);
  }
  throw new Error('the server saw no frame');
}

/** Resolves when the stream is closed. A serial port knows another way than other streams. */
export async function closeStream(stream: Duplex & { close?: () => void }): Promise<void> {
  if (stream.closed) return;
  const closed = once(stream, 'close');
  if (stream.close === undefined) stream.destroy();
  else stream.close();
  await closed;
}
