import { types } from 'node:util';
import {
  type Checks,
  checkFunction,
  checkImplementation,
  checkSynchronous,
  optional,
  type Path,
  show,
} from '../checks.js';
import { HandlerError, OptionsError } from '../errors.js';
import type { Transaction } from '../functions/transaction.js';
import type { Peer } from '../peer.js';
import { after, isPromiseLike, toPromise } from '../promise.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { decodeRequest } from '../protocol/decode.js';
import { type RequestedRange, requestedRanges } from '../protocol/ranges.js';
import type { RequestFacts } from '../protocol/sheets.js';
import type { FramedReply, ReplyWire } from './wire.js';

/** A request as hooks see it. */
export interface HandledRequest {
  readonly peer: Peer;
  readonly unitId: number;
  /** The request PDU: function code and data. */
  readonly pdu: Uint8Array;
  /**
   * What the PDU says by the Modbus documents, whatever a custom function makes of it: function, range, values. Made
   * when a hook first asks for it.
   */
  readonly decoded: RequestFacts;
  /** The ranges of tables that it would read or write; empty if its function uses none. */
  readonly ranges: readonly RequestedRange[];
}

/** A request on its way through the hooks, which is decoded only for those that look. */
export class HookedRequest implements HandledRequest {
  readonly peer: Peer;
  readonly unitId: number;
  readonly pdu: Uint8Array;
  #decoded: RequestFacts | undefined;

  constructor(peer: Peer, unitId: number, pdu: Uint8Array) {
    this.peer = peer;
    this.unitId = unitId;
    this.pdu = pdu;
  }

  get decoded(): RequestFacts {
    this.#decoded ??= decodeRequest(this.pdu);
    return this.#decoded;
  }

  get ranges(): readonly RequestedRange[] {
    return requestedRanges(this.pdu, 0, this.pdu.length);
  }
}

/** A PDU, or null for silence. */
export type HandledReply = Uint8Array | null;

/**
 * Hooks around what a server does, for programs that watch it or step in: each may watch, change, delay, answer or
 * swallow. Over streams there is one per connection, over UDP one for all peers, on a serial line one for the port. A
 * hook that fails lets nothing pass: `execute` and `send` cost their request exception 04, `frame` its reply, `connected`
 * and `data` their connection, `datagram` its datagram. Each failure is an `error` event. A hook that is absent costs no
 * time.
 */
export interface RequestHandler {
  /**
   * A peer has connected; over UDP and on a serial line: the socket or port was opened. Its bytes wait until this has
   * resolved. If it throws or rejects, the connection is closed; a `ConnectionError` is a refusal, and no `error`
   * event.
   */
  connected?: ((peer: Peer) => void | Promise<void>) | undefined;
  /** It is gone; `error` says why, unless it went in good order. */
  disconnected?: ((peer: Peer, error: Error | undefined) => void) | undefined;
  /**
   * Bytes came over a stream. Return others to go on with them, `null` to swallow them, nothing to leave them as they
   * are; at once, not by a promise. If it throws, they are swallowed and the connection is closed.
   */
  data?: ((bytes: Uint8Array, peer: Peer) => Uint8Array | null | undefined) | undefined;
  /** The same for a datagram. */
  datagram?: ((bytes: Uint8Array, peer: Peer) => Uint8Array | null | undefined) | undefined;
  /** The connection, socket or port had an error. */
  error?: ((error: Error, peer: Peer) => void) | undefined;
  /**
   * Around one request to a unit of this server. `next` carries it out, or the PDU that it is given instead, and
   * resolves with the reply (null: silence, as in listen-only mode). What the hook returns is the reply.
   */
  execute?:
    | ((
        request: HandledRequest,
        next: (pdu?: Uint8Array) => Promise<HandledReply>,
      ) => HandledReply | Promise<HandledReply>)
    | undefined;
  /** Around one reply, whatever it came from. What it returns is sent. */
  send?: ((reply: Uint8Array, request: HandledRequest) => HandledReply | Promise<HandledReply>) | undefined;
  /**
   * Puts one reply on the wire in place of the server, whatever it came from: what it does not send is not sent. Its turn
   * has come, and the replies behind it wait until the hook is done. Not called where there is no reply.
   */
  frame?: ((reply: FramedReply, request: HandledRequest, wire: ReplyWire) => void | Promise<void>) | undefined;
  /**
   * Asked ahead of each request: true if `execute`, `send` and `frame` have no use for it. It is then served as fast as
   * without them. To be answered at once, not by a promise.
   */
  idle?: (() => boolean) | undefined;
}

const CHECKS = {
  connected: optional(checkFunction),
  disconnected: optional(checkFunction),
  data: optional(checkSynchronous),
  datagram: optional(checkSynchronous),
  error: optional(checkFunction),
  execute: optional(checkFunction),
  send: optional(checkFunction),
  frame: optional(checkFunction),
  idle: optional(checkSynchronous),
} satisfies Checks<RequestHandler>;

/**
 * A handler for all connections, or a function that makes one for each, perhaps later: the client's bytes wait for it.
 */
export type RequestHandlerOption = RequestHandler | ((peer: Peer) => RequestHandler | Promise<RequestHandler>);

/** Gives a connection its handler. */
export type HandlerFactory = (peer: Peer) => RequestHandler | Promise<RequestHandler>;

export function checkRequestHandler(option: unknown, path: Path): HandlerFactory | undefined {
  if (option === undefined) return undefined;
  if (typeof option === 'function') return (peer) => after(option(peer), (handler) => checkHooks(handler, path));
  const handler = checkHooks(option, path);
  return () => handler;
}

/** @returns the hooks as they are now, so that a later look at them cannot fail. */
function checkHooks(option: unknown, path: Path): RequestHandler {
  if (typeof option !== 'object' || option === null) {
    const hooks = Object.keys(CHECKS).join(', ');
    throw new OptionsError(path, `expected an object with hooks (${hooks}), found ${show(option)}`);
  }
  const handler = checkImplementation<RequestHandler>(option, CHECKS, path);
  return {
    connected: handler.connected?.bind(handler),
    disconnected: handler.disconnected?.bind(handler),
    data: handler.data?.bind(handler),
    datagram: handler.datagram?.bind(handler),
    error: handler.error?.bind(handler),
    execute: handler.execute?.bind(handler),
    send: handler.send?.bind(handler),
    frame: handler.frame?.bind(handler),
    idle: handler.idle?.bind(handler),
  };
}

/**
 * Lets a hook see the bytes that have come, and change or swallow them. Throws if the hook fails: then nothing may
 * pass.
 */
export function filterBytes(
  hooks: RequestHandler | undefined,
  hook: 'data' | 'datagram',
  bytes: Uint8Array,
  peer: Peer,
): Uint8Array {
  return hooks?.[hook] === undefined ? bytes : checkFiltered(hooks[hook](bytes, peer), hook, bytes);
}

/** What a hook made of the bytes: others, none (null), or (nothing returned) the same. */
function checkFiltered(result: unknown, hook: string, bytes: Uint8Array): Uint8Array {
  if (result === undefined) return bytes;
  if (result === null) return NO_BYTES;
  // A copy: the hook may use its buffer again.
  if (types.isUint8Array(result)) return new Uint8Array(result);
  const promised = isPromiseLike(result);
  if (promised) toPromise(result).catch(() => undefined);
  throw new TypeError(`${hook} must return bytes, null or nothing, found ${promised ? 'a promise' : show(result)}`);
}

/** What the hook `idle` answered. */
export function checkIdle(idle: unknown): boolean {
  if (typeof idle === 'boolean') return idle;
  const promised = isPromiseLike(idle);
  if (promised) toPromise(idle).catch(() => undefined);
  throw new TypeError(`idle must return true or false, found ${promised ? 'a promise' : show(idle)}`);
}

/** What a hook gave to `next`. @returns a copy, as the hook may use its buffer again. */
export function checkHookedRequest(pdu: unknown): Uint8Array {
  const request = types.isUint8Array(pdu) ? new Uint8Array(pdu) : NO_BYTES;
  if (request.length > 0) return request;
  throw new TypeError(`next() takes a request PDU, found ${types.isUint8Array(pdu) ? 'no bytes' : show(pdu)}`);
}

/** What a hook returned in place of a reply. @returns a copy; no bytes for silence. */
export function checkHookedReply(pdu: unknown, { unit, functionCode, maxPduLength }: Transaction): Uint8Array {
  if (pdu === null) return NO_BYTES;
  const reply = types.isUint8Array(pdu) ? new Uint8Array(pdu) : NO_BYTES;
  if (reply.length > 0 && reply.length <= maxPduLength) return reply;
  const found = types.isUint8Array(pdu) ? `${pdu.length} bytes` : show(pdu);
  const message = `a hook must return a reply PDU or null, found ${found}`;
  throw new HandlerError('HANDLER_ANSWER', message, { unit: unit.id, functionCode });
}
