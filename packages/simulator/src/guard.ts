import { types } from 'node:util';

/** Runs what may fail, and reports what it throws: the same of the same owner only once until it has succeeded again. */
export class Guard {
  readonly #report: (error: Error) => void;
  readonly #failing = new WeakMap<object, string>();
  /** Until then nobody has to be looked for. */
  #hasFailed = false;

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  /** @param task may give a promise, which is not waited for. @param place says in a message where it happened. */
  run(owner: object, place: () => string, task: () => unknown): void {
    try {
      const result = task();
      if (!types.isPromise(result)) this.passed(owner);
      else {
        result.then(
          () => this.passed(owner),
          (thrown) => this.fail(owner, place, thrown),
        );
      }
    } catch (thrown) {
      this.fail(owner, place, thrown);
    }
  }

  /** Says that it has not failed. */
  passed(owner: object): void {
    if (this.#hasFailed) this.#failing.delete(owner);
  }

  /** Reports a failure. */
  fail(owner: object, place: () => string, thrown: unknown): void {
    const message = `${place()}: ${messageOf(thrown)}`;
    if (this.#failing.get(owner) === message) return;
    this.#failing.set(owner, message);
    this.#hasFailed = true;
    this.#report(new Error(message, { cause: thrown }));
  }
}

/** Anything may be thrown, even what can't be shown. */
function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    return 'something was thrown that cannot be shown';
  }
}
