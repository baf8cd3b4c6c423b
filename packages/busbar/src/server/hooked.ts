import { type Result, startClock, writeException } from '../functions/transaction.js';
import type { Call } from './call.js';
import type { Deadline } from './deadline.js';
import type { Settings } from './options.js';
import { checkHookedReply, checkHookedRequest, type HandledReply, type HandledRequest } from './request-handler.js';

/** Carries out requests for hooks. */
interface Carrier {
  /** The call for another request in the place of this one. @param pdu has memory of its own. */
  inPlaceOf(outer: Call, pdu: Uint8Array): Call;
  /** Never rejects; the result is there at once if nothing waits. */
  carryOut(call: Call): Result | Promise<Result>;
}

/** What the hooks `execute` and `send` have to do with a request. */
export class Hooked {
  readonly #settings: Settings;
  readonly #deadline: Deadline;
  readonly #carrier: Carrier;

  constructor(settings: Settings, deadline: Deadline, carrier: Carrier) {
    this.#settings = settings;
    this.#deadline = deadline;
    this.#carrier = carrier;
  }

  /** Never rejects; the result is there at once if no user's code waits. */
  ask(call: Call): Result | Promise<Result> {
    const { transaction, asker, hooked } = call;
    if (hooked === undefined || (asker.hooks?.execute ?? asker.hooks?.send) === undefined) {
      return this.#carrier.carryOut(call);
    }
    startClock(transaction, this.#settings.handlerTimeout);
    return this.#deadline.hold(this.#run(call, hooked), transaction);
  }

  async #run(call: Call, handled: HandledRequest): Promise<Result> {
    const { transaction, broadcast } = call;
    const { hooks = {} } = call.asker;
    const next = (pdu: unknown = handled.pdu) => this.#answer(call, checkHookedRequest(pdu));
    const reply = hooks.execute === undefined ? await next() : await hooks.execute(handled, next);
    const { send } = broadcast ? {} : hooks;
    const sent = reply === null || send === undefined ? reply : await send(reply, handled);
    const bytes = checkHookedReply(sent, transaction);
    transaction.reply.set(bytes, 0);
    return bytes.length;
  }

  /** Carries out the request, or the one that a hook gives instead, in memory of its own. */
  async #answer(outer: Call, pdu: Uint8Array): Promise<HandledReply> {
    const call = this.#carrier.inPlaceOf(outer, pdu);
    const { transaction } = call;
    const result = await this.#carrier.carryOut(call);
    const length = result < 0 ? writeException(transaction, result) : result;
    return length === 0 ? null : transaction.reply.slice(0, length);
  }
}
