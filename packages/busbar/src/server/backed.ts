import type { BackedRequest, Backing } from '../data/backing.js';
import { asksMemoryAlone } from '../functions/ranges.js';
import { holdClock, type ModbusFunction, type Result, type Transaction } from '../functions/transaction.js';
import type { Peer } from '../peer.js';
import type { Call } from './call.js';
import type { Deadline } from './deadline.js';
import type { Faults } from './faults.js';

/** Whether what stands behind a unit carries out the requests of a function. */
export function isBacked(backing: Backing, run: ModbusFunction | undefined): boolean {
  return methodFor(backing, run) !== undefined;
}

function methodFor({ write, read }: Backing, run: ModbusFunction | undefined): Backing['write'] {
  return run?.effect === 'write' ? write : run?.effect === 'read' ? read : undefined;
}

/** Whether it does so with memory alone: many such requests are under way at once. */
export function isBackedMemory(transaction: Transaction, run: ModbusFunction | undefined): boolean {
  const { backing } = transaction.device;
  return backing !== undefined && isBacked(backing, run) && !runsUserCode(transaction, run);
}

function runsUserCode({ device, request, start, end }: Transaction, run: ModbusFunction | undefined): boolean {
  return run?.custom === true || (device.handled && !asksMemoryAlone(device, request, start, end));
}

/** A request that has been checked, as the unit's backing has it. */
export class Backed implements BackedRequest {
  readonly peer: Peer;
  readonly owner: unknown;
  readonly functionCode: number;
  readonly custom: boolean;
  readonly #transaction: Transaction;
  readonly #function: ModbusFunction;
  readonly #faults: Faults;
  readonly #deadline: Deadline;
  /** Lets the time of the request, and of the one that it is carried out for, run again. */
  #go: readonly (() => void)[] = [];

  constructor({ transaction, asker }: Call, run: ModbusFunction, faults: Faults, deadline: Deadline) {
    this.peer = transaction.peer;
    this.owner = asker.owner;
    this.functionCode = transaction.functionCode;
    this.custom = runsUserCode(transaction, run);
    this.#transaction = transaction;
    this.#function = run;
    this.#faults = faults;
    this.#deadline = deadline;
  }

  /** Has the backing carry it out, in whatever time it takes: deadlines are for users' code. */
  handTo(backing: Backing, outer: Transaction | undefined): Result | Promise<Result> {
    this.#go = [this.#transaction, outer].map((transaction) => holdClock(transaction));
    try {
      const result = methodFor(backing, this.#function)?.call(backing, this) ?? this.run();
      if (typeof result !== 'number') return result.catch((error) => this.#failed(error)).finally(() => this.#resume());
      this.#resume();
      return result;
    } catch (error) {
      this.#resume();
      return this.#failed(error);
    }
  }

  #failed(error: unknown): Result {
    return this.#faults.thrown(error, this.#transaction);
  }

  run(): Result | Promise<Result> {
    this.#go[0]?.();
    try {
      const result = this.#function.execute(this.#transaction);
      return typeof result === 'number' ? result : this.#deadline.hold(result, this.#transaction);
    } catch (error) {
      return this.#failed(error);
    }
  }

  rehearse(): ReturnType<BackedRequest['rehearse']> {
    const { device } = this.#transaction;
    const { result, changes } = device.changes.rehearse(() => this.#function.execute(this.#transaction));
    if (typeof result === 'number') return { result, changes };
    throw new TypeError("a request that runs a user's code cannot be rehearsed");
  }

  #resume(): void {
    for (const go of this.#go) go();
  }
}
