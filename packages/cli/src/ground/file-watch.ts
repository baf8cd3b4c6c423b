import { fileStateLater } from './file-state.js';

/** Milliseconds between two looks at the files. */
const PERIOD = 200;

/** Files with their states when they were read. */
export type ReadFiles = ReadonlyMap<string, string>;

/**
 * Tells when files are not any more as they were read, and have stayed the same for a moment, so that none is read
 * half-written. It looks at them again and again, because the system's notifications miss much: editors that replace a
 * file by renaming, links that change, network drives, folders that are made anew.
 */
export class FileWatch {
  readonly #files: () => ReadFiles;
  readonly #changed: () => void;
  readonly #timer: NodeJS.Timeout;
  #seen = '';
  #told = '';
  #looking = false;

  /** @param files is asked at each look. */
  constructor(files: () => ReadFiles, changed: () => void) {
    this.#files = files;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#look(), PERIOD).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const files = this.#files();
    const states = await Promise.all([...files.keys()].map(fileStateLater));
    this.#looking = false;
    // They were read anew meanwhile.
    if (files === this.#files()) this.#compare(states.join('\n'), [...files.values()].join('\n'));
  }

  /** What was told once is not told again, even if it cannot be read. */
  #compare(now: string, read: string): void {
    const isStill = now === this.#seen;
    this.#seen = now;
    if (!isStill || now === read || now === this.#told) return;
    this.#told = now;
    this.#changed();
  }
}
