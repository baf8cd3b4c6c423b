import { type Channel, channel } from 'node:diagnostics_channel';
import type { Unit } from '../data/unit.js';
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
 * What subscribers of the channels `busbar:request`, `busbar:reply` and `busbar:unanswered` (see
 * `node:diagnostics_channel`) get. They cost no time while nobody subscribes. A request that gets no reply is told of
 * once more on `busbar:unanswered`, by the same message, as soon as that is clear.
 */
export interface TraceMessage extends TracedFrame {
  readonly peer: Peer;
  /** 0 where the framing has none. */
  readonly transactionId: number;
  /** Of a request: the unit that it leads to. Undefined for a broadcast, and where there is no such unit. */
  readonly unit?: Unit | undefined;
  /** Of a reply: the message of the request that it answers. Undefined if nobody subscribed to requests when it came. */
  readonly request?: TraceMessage | undefined;
  /** Of a reply that a hook has sent otherwise than the server would: the bytes that went out instead. */
  readonly sent?: Uint8Array | undefined;
}

/**
 * What subscribers of `busbar:passed` get: an intact frame of other stations on a shared line. What it is can only be
 * told from what came before.
 */
export interface PassedMessage extends TracedFrame {
  readonly kind: 'request' | 'reply';
  /** Of a reply: the request PDU that it answers, if that was heard. */
  readonly request?: Uint8Array | undefined;
}

export const requestChannel: Channel = channel('busbar:request');
export const replyChannel: Channel = channel('busbar:reply');
export const passedChannel: Channel = channel('busbar:passed');
const unansweredChannel: Channel = channel('busbar:unanswered');

/** Whoever owes a reply to a traced request; undefined while nobody subscribes. */
export interface Traced {
  traced: TraceMessage | undefined;
}

/** Takes over the debt of a reply. */
export function takeTraced(from: Traced): TraceMessage | undefined {
  const { traced } = from;
  from.traced = undefined;
  return traced;
}

/** Nobody answers this request any more. */
export function traceUnanswered(by: Traced): void {
  const traced = takeTraced(by);
  if (traced !== undefined && unansweredChannel.hasSubscribers) unansweredChannel.publish(traced);
}
