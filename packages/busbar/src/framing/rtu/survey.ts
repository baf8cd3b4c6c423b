import { type Candidate, type Damage, furtherDamage, isDataOf, MIN_ADU_LENGTH } from './candidate.js';
import { readAmidRubbish } from './readings.js';
import type { RtuState } from './state.js';

/** What stands in the bytes that wait when the line falls silent. Looks through them when it is first asked. */
export class Survey {
  /** The last position where a frame can begin. */
  readonly last: number;
  readonly #line: RtuState;
  #frames: Candidate[] | undefined;
  #damage: Damage;

  constructor(line: RtuState) {
    this.#line = line;
    this.#damage = line.damage;
    this.last = line.window.end - MIN_ADU_LENGTH;
  }

  /** Intact frames that tell their length, and are not the data of a damaged one. They may overlap. */
  get frames(): readonly Candidate[] {
    this.#frames ??= this.#lookThrough();
    return this.#frames;
  }

  /** The damaged frame that reaches furthest. */
  get damage(): Damage {
    this.#frames ??= this.#lookThrough();
    return this.#damage;
  }

  /**
   * The first request to this server that ends with the silence. It is hardly there by accident: what overlaps it, or
   * ends with it and has no length to tell, is.
   */
  get lastRequest(): Candidate | undefined {
    return this.frames.find(({ kind, at, length }) => kind === 'own request' && this.#line.isEnd(at + length));
  }

  #lookThrough(): Candidate[] {
    const frames: Candidate[] = [];
    for (let at = Math.max(this.#line.start, this.#line.silenceAt); at <= this.last; at++) {
      const found = readAmidRubbish(this.#line, at);
      this.#damage = furtherDamage(this.#damage, found);
      if (found.verdict === 'intact' && !isDataOf(this.#damage, found)) frames.push(found);
    }
    return frames;
  }
}
