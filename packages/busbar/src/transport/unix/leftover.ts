import { type BigIntStats, lstatSync, renameSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ListenError } from '../../errors.js';

/**
 * Removes a socket that a killed program has left at a path, if nobody listens on it.
 * @throws ListenError if somebody does, or if it is not a socket; then nothing changes.
 */
export async function removeLeftover(path: string): Promise<void> {
  const found = statOf(path);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw inUse(path, `there is ${kindOf(found)}, not a socket; choose another path, or remove it if nobody needs it`);
  }
  await checkUnserved(path);
  remove(path, found);
}

function inUse(path: string, problem: string, cause?: unknown): ListenError {
  return new ListenError('EADDRINUSE', `cannot listen on ${path}: ${problem} (EADDRINUSE)`, { cause });
}

function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function kindOf(found: BigIntStats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isDirectory()) return 'a folder';
  return found.isFile() ? 'a file' : 'a device or pipe';
}

/** A program that has just started may have created its socket but not listen yet, so give it a moment. */
const ATTEMPTS = 3;
const MOMENT_MS = 50;

async function checkUnserved(path: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await setTimeout(MOMENT_MS);
    const code = await connectionFailure(path);
    if (code === undefined) throw inUse(path, 'another program listens there; stop it, or choose another path');
    if (code === 'ENOENT') return;
    if (code !== 'ECONNREFUSED') {
      throw inUse(path, `another program has this socket, and connecting to it fails (${code}); choose another path`);
    }
  }
}

/** @returns the system's code; undefined if somebody listens. */
function connectionFailure(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (error) => resolve(codeOf(error) ?? error.message));
  });
}

/**
 * Removes only the socket that was checked: if several programs start at once, another may have put its own there by
 * now. In that case the socket is put back. All this happens in one turn, because meanwhile the path is free for a
 * moment.
 */
function remove(path: string, dead: BigIntStats): void {
  const aside = `${path}.${crypto.randomUUID().slice(0, 8)}`;
  try {
    if (!isSame(statOf(path), dead)) return;
    renameSync(path, aside);
    if (isSame(statOf(aside), dead)) unlinkSync(aside);
    else renameSync(aside, path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw inUse(path, `nobody listens on this socket any more, but it cannot be removed: ${codeOf(error)}`, error);
  }
}

function isSame(one: BigIntStats | undefined, other: BigIntStats): boolean {
  return one?.ino === other.ino && one.mtimeNs === other.mtimeNs;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
