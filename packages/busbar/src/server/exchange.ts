import type { ModbusFunction, Result, Transaction } from '../functions/transaction.js';
import { SILENCE } from '../functions/transaction.js';
import type { ServerCore } from './core.js';
import { type HandledReply, HookedRequest, type RequestHandler } from './request-handler.js';
import type { Station } from './stations.js';

/** A request that may outlive the call that brought it, with all that it needs of its own. */
export interface Exchange {
  readonly transaction: Transaction;
  readonly station: Station;
  readonly run: ModbusFunction | undefined;
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
  return core.dispatcher.withDeadline(executeHooked(core, exchange, hooks), exchange.transaction);
}

function executeLocked(core: ServerCore, { transaction, station, run, abandoned }: Exchange): Result | Promise<Result> {
  const execute = () => (abandoned() ? SILENCE : core.dispatcher.execute(transaction, station, run));
  if (run === undefined || run.effect === 'none') return execute();
  return station.device.lock.run(run.effect === 'write', execute);
}

async function executeHooked(core: ServerCore, exchange: Exchange, hooks: RequestHandler): Promise<Result> {
  const { transaction } = exchange;
  const { client, unitId, request, start, end } = transaction;
  const handled = new HookedRequest(client, unitId, Uint8Array.from(request.subarray(start, end)));
  const next = (pdu = handled.pdu) => executeNext(core, exchange, pdu);
  const reply = hooks.execute === undefined ? await next() : await hooks.execute(handled, next);
  const sent = reply === null || hooks.send === undefined ? reply : await hooks.send(reply, handled);
  return putReply(core, transaction, sent);
}

/** Carries out the request, or the one that a hook gives instead, in memory of its own. */
async function executeNext(core: ServerCore, exchange: Exchange, pdu: Uint8Array): Promise<HandledReply> {
  const { transaction: outer, station } = exchange;
  const transaction = core.createTransaction(outer.client, station);
  station.address(transaction, outer.unitId, Uint8Array.from(pdu), 0, pdu.length);
  transaction.reply = new Uint8Array(transaction.maxPduLength);
  const run = core.dispatcher.functions.find(transaction.request, 0, pdu.length);
  const result = await executeLocked(core, { ...exchange, transaction, run });
  const length = core.dispatcher.finish(transaction, result);
  return length === 0 ? null : transaction.reply.slice(0, length);
}

function putReply(core: ServerCore, transaction: Transaction, pdu: HandledReply): Result {
  const { reply, replyStart, maxPduLength } = transaction;
  if (pdu === null) return SILENCE;
  if (!(pdu instanceof Uint8Array) || pdu.length < 1 || pdu.length > maxPduLength) {
    throw core.dispatcher.answerError(pdu, transaction);
  }
  reply.set(pdu, replyStart);
  return pdu.length;
}
