import { Duplex } from 'node:stream';
import { createRecorder } from './events.js';
import { toHex } from './hex.js';

/** A port of the tests' own, which tells what is done to it. */
export class FakePort extends Duplex {
  readonly path = '/dev/fake';
  /** `rts high`, `write …`, `drained`, in their order, with the time of each. */
  readonly log = createRecorder<{ what: string; at: number }>();
  /** What `set` fails with, if it is to fail. */
  refusal: Error | null = null;
  /** A write that has been begun and not been finished; set by `hold`. */
  #release: (() => void) | undefined;
  #holding = false;

  constructor() {
    super({ read() {} });
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#note(`write ${toHex(chunk)}`);
    if (this.#holding) this.#release = done;
    else setImmediate(done);
  }

  set({ rts }: { rts: boolean }, done: (error: Error | null) => void): void {
    this.#note(rts ? 'rts high' : 'rts low');
    setImmediate(() => done(this.refusal));
  }

  drain(done: (error: Error | null) => void): void {
    setImmediate(() => {
      this.#note('drained');
      done(null);
    });
  }

  /** From now on, writes don't come to an end. */
  hold(): void {
    this.#holding = true;
  }

  release(): void {
    this.#holding = false;
    this.#release?.();
  }

  /** Bytes come from the line. */
  receive(bytes: Uint8Array): void {
    this.push(bytes);
  }

  get steps(): string[] {
    return this.log.all.map(({ what }) => what);
  }

  /** What was done, without times, once there is so much of it. */
  async done(count: number): Promise<string[]> {
    await this.log.reached(count);
    return this.steps;
  }

  #note(what: string): void {
    this.log.record({ what, at: performance.now() });
  }
}
