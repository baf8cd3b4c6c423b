import { isUtf8 } from 'node:buffer';
import { shownName, wholeFileError } from '../config/text.js';
import { fileProblem, readFile, readStdin } from '../ground/files.js';

/** Reads a file, or the standard input for `-`. @throws ConfigError */
export function readInput(file: string): Buffer {
  try {
    return file === '-' ? readStdin() : readFile(file);
  } catch (error) {
    throw wholeFileError(shownName(file), `can't be read: ${fileProblem(error)}`);
  }
}

/** Encodings that begin with a mark. */
const MARKS = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/**
 * The text of a table as spreadsheets write it: UTF-8, or UTF-16 with its mark. What else it is nobody can know: it has
 * to be said. @param encoding the name of another encoding. @throws ConfigError
 */
export function tableText(bytes: Buffer, file: string, encoding: string | undefined): string {
  const marked = MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))?.[0];
  if (encoding === undefined && marked === undefined && !isUtf8(bytes)) {
    throw wholeFileError(
      file,
      'is neither UTF-8 nor UTF-16 with its mark; say what it is with --encoding: windows-1252 where Excel has written it in Western Europe or America',
    );
  }
  try {
    return new TextDecoder(encoding ?? marked ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw wholeFileError(file, `is not in ${encoding ?? marked}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Whether there is an encoding of this name. */
export function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
