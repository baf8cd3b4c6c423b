import { types } from 'node:util';
import { show } from '../checks.js';
import type { ModbusFunction, Result, Transaction } from '../functions/transaction.js';
import { SILENCE, startClock } from '../functions/transaction.js';
import { NO_BYTES } from '../protocol/bytes.js';
import type { ServerCore } from './core.js';
import { type HandledReply, HookedRequest, type RequestHandler } from './request-handler.js';
import type { Station } from './stations.js';

/** A request that may outlive the call that brought it, with all that it needs of its own. */
export interface Exchange {
  readonly transaction: Transaction;
  readonly station: Station;
  readonly run: ModbusFunction | undefined;
  /** Whose turn it takes. */
  readonly owner: unknown;
  /** Nobody is answered. */
  readonly broadcast: boolean;
  /** The peer is gone: what has not begun is not begun any more. */
  readonly abandoned: () => boolean;
}

/** Carries an exchange out when its unit is free for it. Never rejects; the result is there at once if no user's code waits. */
export function carryOut(
  core: ServerCore,
  exchange: Exchange,
  hooks: RequestHandler | undefined,
): Result | Promise<Result> {
  if (hooks?.execute === undefined && hooks?.send === undefined) return executeLocked(core, exchange);
  startClock(exchange.transaction, core.settings.handlerTimeout);
  return core.dispatcher.withDeadline(executeHooked(core, exchange, hooks), exchange.transaction);
}

function executeLocked(core: ServerCore, exchange: Exchange): Result | Promise<Result> {
  const { transaction, station, run, owner, abandoned } = exchange;
  const { lock } = station.device;
  const execute = () => (abandoned() ? SILENCE : core.dispatcher.execute(transaction, station, run));
  if (run === undefined || run.effect === 'none') return execute();
  const exclusive = run.effect === 'write';
  const enter = () => lock.run(owner, exclusive, execute);
  return lock.isFree(exclusive) ? enter() : core.waitingRoom.wait(exchange, exclusive, enter);
}

async function executeHooked(core: ServerCore, exchange: Exchange, hooks: RequestHandler): Promise<Result> {
  const { transaction } = exchange;
  const { peer, unitId, request, start, end } = transaction;
  const handled = new HookedRequest(peer, unitId, Uint8Array.from(request.subarray(start, end)));
  const next = (pdu: unknown = handled.pdu) => executeNext(core, exchange, checkRequest(pdu));
  const reply = hooks.execute === undefined ? await next() : await hooks.execute(handled, next);
  const { send } = exchange.broadcast ? {} : hooks;
  const sent = reply === null || send === undefined ? reply : await send(reply, handled);
  return putReply(core, transaction, sent);
}

/** @returns a copy, as the hook may use its buffer again. */
function checkRequest(pdu: unknown): Uint8Array {
  const request = types.isUint8Array(pdu) ? new Uint8Array(pdu) : undefined;
  if (request !== undefined && request.length > 0) return request;
  throw new TypeError(`next() takes a request PDU, found ${request === undefined ? show(pdu) : 'no bytes'}`);
}

/** Carries out the request, or the one that a hook gives instead, in memory of its own. */
async function executeNext(core: ServerCore, exchange: Exchange, pdu: Uint8Array): Promise<HandledReply> {
  const { transaction: outer, station } = exchange;
  const transaction = core.createTransaction(outer.peer, outer.line, station);
  station.address(transaction, outer.unitId, pdu, 0, pdu.length);
  transaction.reply = new Uint8Array(transaction.maxPduLength);
  transaction.due = outer.due;
  const run = core.dispatcher.functions.find(transaction.request, 0, pdu.length);
  // A hook may go on too late, when its client was told that the request has failed.
  const abandoned = () => outer.expired || exchange.abandoned();
  const result = await executeLocked(core, { ...exchange, transaction, run, abandoned });
  const length = core.dispatcher.finish(transaction, result);
  return length === 0 ? null : transaction.reply.slice(0, length);
}

function putReply(core: ServerCore, transaction: Transaction, pdu: HandledReply): Result {
  const { reply, replyStart, maxPduLength } = transaction;
  if (pdu === null) return SILENCE;
  const bytes = types.isUint8Array(pdu) ? new Uint8Array(pdu) : NO_BYTES;
  if (bytes.length < 1 || bytes.length > maxPduLength) throw core.dispatcher.answerError(pdu, transaction);
  reply.set(bytes, replyStart);
  return bytes.length;
}
