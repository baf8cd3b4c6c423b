import type { SharingError } from '../errors.js';
import type { Copies } from './copies.js';
import type { Write } from './exchange.js';
import type { Lease } from './lease.js';
import { KINDS, type Kind, LED } from './mark.js';

/** Changes of the program on their way to Redis, as one entry. */
export interface Batch extends Write {
  readonly kind: Kind;
}

interface Settling {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * The changes of a unit that do not come from clients' requests: of the program, an API, behaviours. They have taken
 * effect in memory; those of one turn are one entry, and what has changed again before it was sent goes once.
 */
export class Program {
  readonly #copies: Copies;
  readonly #lease: Lease;
  readonly #newId: () => string;
  /** Until Redis has said what became of them, the same are sent again. */
  #batches: readonly Batch[] = [];
  #refusals: SharingError[] = [];
  #whenSent: Settling[] = [];
  #whenThere: Settling[] = [];
  /** A round has taken batches along, and is not over. */
  #isUnderWay = false;

  constructor(copies: Copies, lease: Lease, newId: () => string) {
    this.#copies = copies;
    this.#lease = lease;
    this.#newId = newId;
  }

  get hasWork(): boolean {
    return this.#batches.length > 0 || this.#copies.hasWaiting;
  }

  /** What has to be sent now. */
  get batches(): readonly Batch[] {
    if (this.#batches.length === 0 && this.#copies.hasWaiting) {
      this.#batches = KINDS.flatMap((kind) => this.#take(kind));
      this.#whenThere.push(...this.#whenSent.splice(0));
    }
    this.#isUnderWay = this.#batches.length > 0;
    return this.#batches;
  }

  #take(kind: Kind): Batch[] {
    const runs = this.#copies.take(kind);
    if (runs.length === 0) return [];
    const token = kind === LED ? this.#lease.token : '';
    return [{ id: this.#newId(), owner: 0, due: 0, token, expected: [], runs, kind }];
  }

  find(id: string): Batch | undefined {
    return this.#batches.find((batch) => batch.id === id);
  }

  /** It is in the image. */
  made(batch: Batch): void {
    this.#copies.confirm(batch.runs);
    this.#landed(batch);
  }

  /** It is not, and never will be: the memory gets what is there. */
  refused(batch: Batch, error: SharingError): void {
    this.#refusals.push(error);
    this.#landed(batch);
  }

  #landed(batch: Batch): void {
    this.#batches = this.#batches.filter((each) => each !== batch);
    this.#copies.landed(batch.runs, batch.kind);
    if (this.#batches.length === 0 && !this.#copies.hasWaiting) this.#copies.arrived();
  }

  /** A round is over. @param shortage what was made in it is not as safe as wanted. */
  concluded(shortage: SharingError | undefined): void {
    if (this.#batches.length > 0) return;
    this.#isUnderWay = false;
    const [problem = shortage] = this.#refusals.splice(0);
    const settled = [...this.#whenThere.splice(0), ...(this.#copies.hasWaiting ? [] : this.#whenSent.splice(0))];
    for (const { resolve, reject } of settled) problem === undefined ? resolve() : reject(problem);
  }

  /** The image was read again: what was on its way is not known there. */
  again(): void {
    for (const { runs, kind } of this.#batches) this.#copies.takeAgain(runs, kind);
    this.#batches = [];
    this.#whenSent.push(...this.#whenThere.splice(0));
  }

  /** The image is made of what the memory has: nothing is left to be sent. */
  adopt(): void {
    this.#copies.adopt();
    this.#batches = [];
  }

  /** All of it is given up. */
  forget(error: SharingError): void {
    this.#copies.forget();
    this.#batches = [];
    this.fail(error);
  }

  /** Whoever waits for it need not wait any longer. */
  fail(error: SharingError): void {
    this.#isUnderWay = false;
    for (const { reject } of [...this.#whenThere.splice(0), ...this.#whenSent.splice(0)]) reject(error);
  }

  /** Resolves when all that the program has changed so far is in the image. */
  async settled(): Promise<void> {
    const lists: Settling[][] = [];
    if (this.#batches.length > 0 || this.#isUnderWay) lists.push(this.#whenThere);
    if (this.#copies.hasWaiting) lists.push(this.#whenSent);
    const join = (list: Settling[]) => new Promise<void>((resolve, reject) => list.push({ resolve, reject }));
    await Promise.all(lists.map(join));
  }
}
