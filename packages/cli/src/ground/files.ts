import { closeSync, openSync, readSync } from 'node:fs';

/** Far more than people write, and far less than the memory. A device or a disk image may be named by mistake. */
const MAX_MIB = 16;
const CHUNK = 65_536;

const NO_FOLDER = 'a part of its path is a file, not a folder';

const READ_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: NO_FOLDER,
  EFBIG: `it has more than ${MAX_MIB} MiB`,
};

const WRITE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such folder',
  EACCES: 'writing it is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: NO_FOLDER,
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is for reading only',
};

const STDIN = 0;

/** Reads all of the standard input, as a file. */
export function readStdin(): Buffer {
  return Buffer.concat([...chunksOf(STDIN)]);
}

/** Reads a whole file or pipe that people have written. `fileProblem` says why that failed. */
export function readFile(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    return Buffer.concat([...chunksOf(descriptor)]);
  } finally {
    closeSync(descriptor);
  }
}

function* chunksOf(descriptor: number): Generator<Buffer> {
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(CHUNK);
    const length = readSync(descriptor, chunk);
    if (length === 0) return;
    total += length;
    if (total > MAX_MIB * 2 ** 20) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    yield chunk.subarray(0, length);
  }
}

/** Says why a file cannot be read. */
export function fileProblem(error: unknown): string {
  return problemIn(READ_ERRORS, error);
}

/** Says why a file cannot be written. */
export function writeProblem(error: unknown): string {
  return problemIn(WRITE_ERRORS, error);
}

function problemIn(words: Record<string, string>, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return words[code] ?? String(error);
}
