import { constants } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

/** Places that a number takes, so that one is written over another in one piece. */
const DIGITS = 16;
/** Not emptied first: a file that is gets its new content to the disk before all else, which takes long. */
const IN_PLACE = constants.O_WRONLY | constants.O_CREAT;
/** How old the file may be, in ms: writing it takes as much of the processor as a small batch does. */
const MOST_AGE = 100;

/**
 * A file beside a database that tells how many batches the database had on disk. A database that has lost the end of its
 * log, to a bad block or an incomplete copy, does not notice: it just has fewer. The file is not synced itself. So after
 * a power cut it may tell fewer, but it never tells more.
 */
export class LevelMark {
  static readonly file = 'BATCHES';
  readonly #path: string;
  /** When it was written. */
  #time = Number.NEGATIVE_INFINITY;

  constructor(path: string) {
    this.#path = path;
  }

  /** 0 if there is none yet. */
  async read(): Promise<number> {
    const text = await readFile(this.#path, 'latin1').catch(() => '');
    return /^\d{16}$/.test(text) ? Number(text) : 0;
  }

  /** Rejects if its folder is gone. */
  async write(batches: number): Promise<void> {
    this.#time = performance.now();
    await writeFile(this.#path, String(batches).padStart(DIGITS, '0'), { flag: IN_PLACE });
  }

  /** The same, if the last time is long ago. */
  async refresh(batches: number): Promise<void> {
    if (performance.now() - this.#time >= MOST_AGE) await this.write(batches);
  }
}
