import { type Channel, channel } from 'node:diagnostics_channel';
import type { Peer } from '../peer.js';

/** A frame that a server has seen, with copies of what may change. */
interface TracedFrame {
  /** The server, as the program made it: `ModbusTcpServer` and so on. */
  readonly server: object;
  /** `mbap`, `rtu`, `ascii`, or the name of a framing of the program's own. */
  readonly framing: string;
  readonly unitId: number;
  readonly pdu: Uint8Array;
}

/**
 * What subscribers of the channels `busbar:request` and `busbar:reply` (see `node:diagnostics_channel`) get. They
 * cost no time while nobody subscribes.
 */
export interface TraceMessage extends TracedFrame {
  readonly peer: Peer;
  /** 0 where the framing has none. */
  readonly transactionId: number;
}

/**
 * What subscribers of `busbar:passed` get: an intact frame of other stations on a shared line, a request or a reply.
 */
export type PassedMessage = TracedFrame;

export const requestChannel: Channel = channel('busbar:request');
export const replyChannel: Channel = channel('busbar:reply');
export const passedChannel: Channel = channel('busbar:passed');

/** @param pdu a copy. */
export function traceFrame(
  to: Channel,
  server: object,
  { name: framing }: { readonly name: string },
  peer: Peer,
  transactionId: number,
  unitId: number,
  pdu: Uint8Array,
): void {
  const message: TraceMessage = { server, peer, framing, transactionId, unitId, pdu };
  to.publish(message);
}
