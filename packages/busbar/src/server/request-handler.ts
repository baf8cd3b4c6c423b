import type { Client } from '../data/request.js';
import { OptionsError } from '../errors.js';
import { checkFunction, checkKeys, type Path, show } from '../options.js';
import { isPromiseLike } from '../promise.js';
import { decodeRequest } from '../protocol/decode-request.js';
import type { PduFacts } from '../protocol/facts.js';
import type { ServerCore } from './core.js';

/** A request as hooks see it. */
export interface HandledRequest {
  readonly client: Client;
  readonly unitId: number;
  /** The request PDU: function code and data. */
  readonly pdu: Uint8Array;
  /**
   * What the PDU says by the Modbus documents, whatever a custom function makes of it: function, range, values. Made when a hook
   * first asks for it.
   */
  readonly decoded: PduFacts;
}

/** A request on its way through the hooks, which is decoded only for those that look. */
export class HookedRequest implements HandledRequest {
  readonly client: Client;
  readonly unitId: number;
  readonly pdu: Uint8Array;
  #decoded: PduFacts | undefined;

  constructor(client: Client, unitId: number, pdu: Uint8Array) {
    this.client = client;
    this.unitId = unitId;
    this.pdu = pdu;
  }

  get decoded(): PduFacts {
    this.#decoded ??= decodeRequest(this.pdu);
    return this.#decoded;
  }
}

/** A PDU, or null for silence. */
export type HandledReply = Uint8Array | null;

/**
 * Hooks around what a server does, for programs that watch it or step in: each may watch, change, delay, answer or swallow.
 * Over streams there is one per connection, over UDP one for all peers, on a serial line one for the port. A hook that throws
 * costs its request exception 04 (its connection nothing) and is an `error` event. Without hooks nothing is paid for them.
 */
export interface RequestHandler {
  /** A peer has connected; over UDP and on a serial line: the socket or port was opened. */
  connected?(client: Client): void;
  /** It is gone; `error` says why, unless it went in good order. */
  disconnected?(client: Client, error: Error | undefined): void;
  /** Bytes came over a stream. Return others to go on with them, `null` to swallow them, nothing to leave them as they are. */
  data?(bytes: Uint8Array, client: Client): Uint8Array | null | undefined;
  /** The same for a datagram. */
  datagram?(bytes: Uint8Array, client: Client): Uint8Array | null | undefined;
  /** The connection, socket or port had an error. */
  error?(error: Error, client: Client): void;
  /**
   * Around one request to a unit of this server. `next` carries it out, or the PDU that it is given instead, and resolves with
   * the reply (null: silence, as in listen-only mode). What the hook returns is the reply.
   */
  execute?(
    request: HandledRequest,
    next: (pdu?: Uint8Array) => Promise<HandledReply>,
  ): HandledReply | Promise<HandledReply>;
  /** Around one reply, whatever it came from. What it returns is sent. */
  send?(reply: Uint8Array, request: HandledRequest): HandledReply | Promise<HandledReply>;
}

const HOOKS = ['connected', 'disconnected', 'data', 'datagram', 'error', 'execute', 'send'] as const;

/** A handler for all connections, or a function that makes one for each. */
export type RequestHandlerOption = RequestHandler | ((client: Client) => RequestHandler);

/** @returns what gives a connection its handler; undefined if there is none. */
export function checkRequestHandler(
  option: RequestHandlerOption | undefined,
  path: Path,
): ((client: Client) => RequestHandler) | undefined {
  if (option === undefined) return undefined;
  if (typeof option === 'function') return (client) => checkHooks(option(client), path);
  const handler = checkHooks(option, path);
  return () => handler;
}

function checkHooks(handler: RequestHandler, path: Path): RequestHandler {
  if (typeof handler !== 'object' || handler === null) {
    throw new OptionsError(path, `expected an object with hooks (${HOOKS.join(', ')}), found ${show(handler)}`);
  }
  if (Object.getPrototypeOf(handler) === Object.prototype) checkKeys(handler, HOOKS, path);
  for (const hook of HOOKS) if (handler[hook] !== undefined) checkFunction(handler[hook], [...path, hook]);
  return handler;
}

const NO_BYTES = new Uint8Array(0);

/** Lets a hook see the bytes that have come, and change or swallow them. One that fails changes nothing. */
export function filterBytes(
  core: ServerCore,
  hooks: RequestHandler | undefined,
  hook: 'data' | 'datagram',
  bytes: Uint8Array,
  client: Client,
): Uint8Array {
  if (hooks?.[hook] === undefined) return bytes;
  try {
    return checkFiltered(hooks[hook](bytes, client), hook, bytes);
  } catch (error) {
    core.dispatcher.reportHook(error);
    return bytes;
  }
}

/** What a hook made of the bytes: others, none (null), or (nothing returned) the same. */
function checkFiltered(result: unknown, hook: string, bytes: Uint8Array): Uint8Array {
  if (result === undefined) return bytes;
  if (result === null) return NO_BYTES;
  if (result instanceof Uint8Array) return result;
  if (isPromiseLike(result)) Promise.resolve(result).catch(() => undefined);
  throw new TypeError(`${hook} must return bytes, null or nothing, found ${show(result)}`);
}
