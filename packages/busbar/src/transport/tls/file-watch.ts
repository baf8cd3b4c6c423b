import { stat } from 'node:fs/promises';

const PERIOD_MS = 1000;

/**
 * Reports when files have changed and then stayed unchanged for a moment, so that a certificate and its key are read
 * together. It also reports once at the beginning, for changes since the program read the files. It polls the files,
 * because the system's notifications miss replacement by renaming or by changing a link.
 */
export class FileWatch {
  readonly #files: readonly string[];
  readonly #changed: (isStill: () => Promise<boolean>) => unknown;
  readonly #timer: NodeJS.Timeout;
  #seen: string | undefined;
  #settling = true;
  #looking = false;
  #stopped = false;

  /**
   * @param changed can ask, after reading the files, whether they are still unchanged; if not, it will be called again.
   */
  constructor(files: readonly string[], changed: (isStill: () => Promise<boolean>) => unknown) {
    this.#files = files;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#look(), PERIOD_MS).unref();
    void this.#look();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #state(): Promise<string> {
    return (await Promise.all(this.#files.map(describe))).join();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const state = await this.#state();
    this.#looking = false;
    if (this.#stopped) return;
    if (this.#seen !== undefined && state !== this.#seen) this.#settling = true;
    else if (this.#settling) {
      this.#settling = false;
      this.#changed(async () => (await this.#state()) === state);
    }
    this.#seen = state;
  }
}

/** Never rejects: a missing file is a state like any other. */
async function describe(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return 'missing';
  }
}
