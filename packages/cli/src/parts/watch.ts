import type { Part } from '../app/part.js';
import { FileWatch, type ReadFiles } from '../ground/file-watch.js';

/** The files of `--watch`. */
export class WatchPart implements Part {
  readonly #files: () => ReadFiles;
  readonly #changed: () => void;
  #watch: FileWatch | undefined;

  /** @param files that were read. */
  constructor(files: () => ReadFiles, changed: () => void) {
    this.#files = files;
    this.#changed = changed;
  }

  async start(): Promise<void> {
    this.#watch = new FileWatch(this.#files, this.#changed);
  }

  async stop(): Promise<void> {
    this.#watch?.stop();
  }
}
