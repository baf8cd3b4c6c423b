import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers/folder.js';
import { runChecked } from '../helpers/process.js';

const KIB = 1024;

export const isRoot = process.getuid?.() === 0;

/** Runs a command as root; rejects where that needs a password, or is not allowed. */
async function asRoot(...command: string[]): Promise<void> {
  const [program = '', ...args] = isRoot ? command : ['sudo', '-n', ...command];
  try {
    await runChecked(program, args);
  } catch (cause) {
    const needs = 'it needs root, or sudo without a password; in a container, the capability SYS_ADMIN';
    throw new Error(`"${command.join(' ')}" failed: ${needs}`, { cause });
  }
}

/** A small file system of its own, which can be filled, and frozen. */
export class Disk {
  readonly path: string;
  readonly #folder: ReturnType<typeof temporaryFolder>;
  #frozen = false;

  private constructor(folder: ReturnType<typeof temporaryFolder>) {
    this.#folder = folder;
    this.path = join(folder.path, 'disk');
  }

  /** In memory, or as a real file system in a file. */
  static async mount(kind: 'tmpfs' | 'ext4'): Promise<Disk> {
    const folder = temporaryFolder();
    const disk = new Disk(folder);
    mkdirSync(disk.path);
    if (kind === 'tmpfs') await asRoot('mount', '-t', 'tmpfs', '-o', 'size=4m', 'busbar', disk.path);
    else await mountImage(join(folder.path, 'image'), disk.path);
    await asRoot('chmod', '777', disk.path);
    return disk;
  }

  get #filler(): string {
    return join(this.path, 'filler');
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    for (const size of [64 * KIB, KIB, 1]) appendAll(file, Buffer.alloc(size));
    closeSync(file);
  }

  /** Gives it back. */
  free(): void {
    rmSync(this.#filler);
  }

  /** Lets all writes wait, until it is thawed. Nobody else must touch it meanwhile. */
  async freeze(): Promise<void> {
    await asRoot('fsfreeze', '--freeze', this.path);
    this.#frozen = true;
  }

  async thaw(): Promise<void> {
    await asRoot('fsfreeze', '--unfreeze', this.path);
    this.#frozen = false;
  }

  /** Nothing can be written from now on; only while no file is open to be written. */
  async makeReadOnly(): Promise<void> {
    await asRoot('mount', '-o', 'remount,ro', this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#frozen) await this.thaw();
    await asRoot('umount', this.path);
    this.#folder.remove();
  }
}

async function mountImage(image: string, path: string): Promise<void> {
  writeFileSync(image, '');
  truncateSync(image, 16 * KIB * KIB);
  await runChecked('mkfs.ext4', ['-q', image]);
  await asRoot('mount', '-o', 'loop', image, path);
}

/** Appends the bytes again and again until there is no room for them. */
function appendAll(file: number, bytes: Buffer): void {
  try {
    for (;;) if (writeSync(file, bytes) < bytes.length) return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
