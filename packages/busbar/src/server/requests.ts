import type { ServerCounters } from '../counters.js';
import type { FrameReader } from '../framing/framing.js';
import { isRestart } from '../functions/diagnostics.js';
import type { FunctionTable } from '../functions/function-table.js';
import { asksMemoryAlone } from '../functions/ranges.js';
import {
  type Audit,
  type ModbusFunction,
  type Result,
  refuse,
  SILENCE,
  type Transaction,
  writeException,
} from '../functions/transaction.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { EXCEPTION_BIT } from '../protocol/function-codes.js';
import { hasLength } from '../protocol/length-rule.js';
import { Backed, isBacked, isBackedMemory } from './backed.js';
import type { Call, ComingCall } from './call.js';
import { Deadline } from './deadline.js';
import type { Faults } from './faults.js';
import { Hooked } from './hooked.js';
import type { Settings } from './options.js';
import type { Output } from './output.js';
import { type Asker, PendingReply } from './replies.js';
import { ReplyTally } from './reply-tally.js';
import { type HandledRequest, HookedRequest } from './request-handler.js';
import type { ServedUnit } from './served-unit.js';
import type { WaitingRoom } from './waiting-room.js';

/** The story of a request to a unit, from top to bottom: hooks, lock, check, run, deadline, complete. */
export class Requests {
  readonly tally: ReplyTally = new ReplyTally();
  readonly #functions: FunctionTable;
  readonly #settings: Settings;
  readonly #counters: ServerCounters;
  readonly #faults: Faults;
  readonly #waitingRoom: WaitingRoom;
  readonly #audit: Audit;
  readonly #deadline: Deadline;
  readonly #hooked: Hooked;

  constructor(
    functions: FunctionTable,
    settings: Settings,
    counters: ServerCounters,
    faults: Faults,
    waitingRoom: WaitingRoom,
    audit: Audit,
  ) {
    this.#functions = functions;
    this.#settings = settings;
    this.#counters = counters;
    this.#faults = faults;
    this.#waitingRoom = waitingRoom;
    this.#audit = audit;
    this.#deadline = new Deadline(settings, faults);
    this.#hooked = new Hooked(settings, this.#deadline, {
      inPlaceOf: (outer, pdu) => this.#inPlaceOf(outer, pdu),
      carryOut: (call) => this.#carryOut(call),
    });
  }

  /** Serves the request that `frame` describes: in place if it can be answered at once, else in its turn. */
  serve(frame: FrameReader, served: ServedUnit, asker: Asker, output: Output): void {
    const run = this.#functions.find(frame.bytes, frame.pduStart, frame.pduEnd);
    this.#counters.requests++;
    served.diagnostics.received(false);
    const hooked = asker.hooks && this.hook(frame, asker);
    if (hooked === undefined && this.#isImmediate(frame, served, asker, run))
      this.#serveNow(frame, served, asker, output, run);
    else this.#serveInTurn({ frame, served, asker, run, hooked });
  }

  /** @returns the request as hooks see it; undefined if none of them has to do with it. */
  hook({ bytes, unitId, pduStart, pduEnd }: FrameReader, { peer, hooks }: Asker): HandledRequest | undefined {
    if ((hooks?.execute ?? hooks?.send ?? hooks?.frame) === undefined || this.#faults.isIdle(hooks)) return undefined;
    return new HookedRequest(peer, unitId, Uint8Array.from(bytes.subarray(pduStart, pduEnd)));
  }

  /** A unit carries out only the writes of a broadcast, and answers nothing (SL, clause 2.2). */
  serveBroadcast(frame: FrameReader, served: ServedUnit, asker: Asker): void {
    const run = this.#functions.find(frame.bytes, frame.pduStart, frame.pduEnd);
    served.diagnostics.received(true);
    if (run?.effect !== 'write') served.diagnostics.unanswered();
    else this.#serveInTurn({ frame, served, asker, run, hooked: this.hook(frame, asker), broadcast: true });
  }

  /** Nothing but the server's own memory is involved, and nothing is ahead of it. */
  #isImmediate(
    { bytes, pduStart, pduEnd }: FrameReader,
    { device }: ServedUnit,
    { replies, line }: Asker,
    run: ModbusFunction | undefined,
  ): boolean {
    if (run?.custom === true || !device.lock.idle) return false;
    if (device.backing !== undefined && isBacked(device.backing, run)) return false;
    if (replies !== undefined && replies.size > 0) return false;
    if (line !== undefined && line.turnaroundDelay > 0) return false;
    return !device.handled || asksMemoryAlone(device, bytes, pduStart, pduEnd);
  }

  /** From the chunk straight into the output. No user code is involved, so there is no promise. */
  #serveNow(
    { bytes, unitId, transactionId, pduStart, pduEnd }: FrameReader,
    served: ServedUnit,
    asker: Asker,
    output: Output,
    run: ModbusFunction | undefined,
  ): void {
    const { state } = asker;
    output.transaction ??= this.#createTransaction(served, asker);
    const { transaction } = output;
    transaction.peer = asker.peer;
    transaction.line = state;
    transaction.unit = served.unit;
    transaction.device = served.device;
    transaction.diagnostics = served.diagnostics;
    transaction.unitId = unitId;
    transaction.functionCode = bytes[pduStart];
    transaction.request = bytes;
    transaction.start = pduStart;
    transaction.end = pduEnd;
    transaction.reply = output.bytes;
    transaction.replyStart = output.pduStart;
    // A request that changes the delimiter is answered with the old one: the new one is for future messages (AP,
    // 08/03).
    const { asciiDelimiter } = state;
    const length = this.#complete(transaction, run, this.#execute(transaction, served, run) as Result);
    if (length === 0) return;
    output.immediate++;
    if ((output.bytes[output.pduStart] & EXCEPTION_BIT) !== 0 && asker.client !== undefined) asker.client.exceptions++;
    output.seal(asker, length, transactionId, unitId, asciiDelimiter);
  }

  /** Serves a request that needs user code, or waits for one that does. It gets memory of its own. */
  #serveInTurn({ frame, served, asker, run, hooked, broadcast = false }: ComingCall): void {
    const pdu = frame.bytes.slice(frame.pduStart, frame.pduEnd);
    const transaction = this.#createTransaction(served, asker, frame.unitId, pdu);
    const reply = new PendingReply(asker, frame, this.#counters, hooked, served.diagnostics);
    const finish = (result: Result) => {
      const length = this.#complete(transaction, run, result, broadcast);
      // A copy: a handler that answers after its deadline may still write into its own.
      reply.settle(length === 0 ? undefined : transaction.reply.slice(0, length));
    };
    const begin = () => {
      const result = this.#hooked.ask({ transaction, served, run, asker, hooked, broadcast });
      if (typeof result === 'number') finish(result);
      else result.then(finish);
    };
    if (served.device.backing === undefined) begin();
    else reply.inOrder(isBackedMemory(transaction, run) && run?.effect === 'write', begin);
  }

  /** The call for the request that a hook gives instead of another. */
  #inPlaceOf({ transaction: outer, served, asker, broadcast }: Call, pdu: Uint8Array): Call {
    const transaction = this.#createTransaction(served, asker, outer.unitId, pdu);
    transaction.due = outer.due;
    const run = this.#functions.find(pdu, 0, pdu.length);
    return { transaction, served, run, asker, broadcast, outer };
  }

  /** Has the request wait until its unit is free for it. */
  #carryOut(call: Call): Result | Promise<Result> {
    const { transaction, run, asker } = call;
    const { lock } = call.served.device;
    const abandoned = () => asker.gone || call.outer?.expired === true;
    const execute = () => (abandoned() ? SILENCE : this.#execute(transaction, call.served, run, call));
    if (run === undefined || run.effect === 'none') return execute();
    const beside = isBackedMemory(transaction, run);
    const exclusive = run.effect === 'write' && !beside;
    const enter = () => (beside ? lock.runBeside(execute) : lock.run(asker.owner, exclusive, execute));
    if (lock.isFree(exclusive)) return enter();
    return this.#waitingRoom.wait({ transaction, lock, exclusive, owner: asker.owner, abandoned }, enter);
  }

  /**
   * Never throws; a promise comes only from a user's code or the unit's backing, and never rejects.
   * @param call of a request that may wait.
   */
  #execute(
    transaction: Transaction,
    served: ServedUnit,
    run: ModbusFunction | undefined,
    call?: Call,
  ): Result | Promise<Result> {
    const { request, start, end, diagnostics, device } = transaction;
    if (diagnostics.listenOnly && !isRestart(request, start, end)) return SILENCE;
    try {
      const refusal = this.#check(transaction, served, run);
      if (refusal !== 0 || run === undefined) return diagnostics.listenOnly ? SILENCE : refuse(refusal);
      transaction.reply[transaction.replyStart] = transaction.functionCode;
      const { changes, backing } = device;
      if (call !== undefined && backing !== undefined && isBacked(backing, run)) {
        return new Backed(call, run, this.#faults, this.#deadline).handTo(backing, call.outer);
      }
      const result =
        changes.idle || changes.guard === undefined
          ? run.execute(transaction)
          : changes.run(() => run.execute(transaction));
      return typeof result === 'number' ? result : this.#deadline.hold(result, transaction);
    } catch (error) {
      return this.#faults.thrown(error, transaction);
    }
  }

  /**
   * The exception code of a request that must not be carried out, or 0. The order is that of the standard (AP, state
   * diagrams), with the role ahead of the length; quantities and addresses are checked by the function itself.
   */
  #check(transaction: Transaction, served: ServedUnit, run: ModbusFunction | undefined): number {
    const { request, start, end } = transaction;
    const { maxPduLength } = this.#settings;
    if (run === undefined) return ExceptionCode.IllegalFunction;
    if (served.permits?.(transaction, run.custom === true) === false) return ExceptionCode.IllegalFunction;
    const size = end - start;
    const { length } = run;
    // Requests of most functions have one length.
    const isOnly = length !== undefined && length.countAt === undefined && length.base === size;
    const fits = size <= maxPduLength && (isOnly || hasLength(length, request, start, end));
    return fits ? 0 : ExceptionCode.IllegalDataValue;
  }

  /** Counts what became of a request, and finishes its reply. @returns the length of the reply PDU; 0: silence. */
  #complete(transaction: Transaction, run: ModbusFunction | undefined, result: Result, broadcast = false): number {
    const { reply, replyStart } = transaction;
    const length = broadcast ? 0 : result < 0 ? writeException(transaction, result) : result;
    // A hook may have answered with an exception, too.
    const answered = length > 0 && reply[replyStart] >= EXCEPTION_BIT ? reply[replyStart + 1] : 0;
    const exceptionCode = result < 0 ? -result : answered;
    transaction.diagnostics.completed(exceptionCode, length > 0, run?.counted !== false);
    if (length === 0) return 0;
    this.#counters.replies++;
    if (exceptionCode === 0) this.tally.done[transaction.functionCode]++;
    else this.#refused(transaction, exceptionCode);
    return length;
  }

  #refused({ functionCode }: Transaction, exceptionCode: number): void {
    this.#counters.exceptions++;
    this.tally.refused(functionCode, exceptionCode);
  }

  /** @param pdu the request, if it has memory of its own. */
  #createTransaction(
    { unit, device, diagnostics, defaultIdentity }: ServedUnit,
    { peer, state }: Asker,
    unitId = 0,
    pdu: Uint8Array = NO_BYTES,
  ): Transaction {
    const { maxPduLength } = this.#settings;
    const transaction: Transaction = {
      unit,
      device,
      diagnostics,
      defaultIdentity,
      peer,
      line: state,
      audit: this.#audit,
      unitId,
      functionCode: pdu[0] ?? 0,
      request: pdu,
      start: 0,
      end: pdu.length,
      reply: pdu.length === 0 ? NO_BYTES : new Uint8Array(maxPduLength),
      replyStart: 0,
      maxPduLength,
      due: 0,
      expired: false,
      report: (error) => this.#faults.listenerThrew(error, transaction),
    };
    return transaction;
  }
}
