import { isUtf8 } from 'node:buffer';
import { fileProblem, readFile, readStdin } from '../ground/files.js';
import { ConfigError } from './problems.js';

/** Instead of a file's name: the standard input, and what messages call it. */
export const DASH = '-';
const STDIN = 'stdin';

/** What messages call a config file. */
export function shownName(file: string): string {
  return file === DASH ? STDIN : file;
}

/**
 * The text of a config file, or of the standard input. It must be UTF-8, as any other encoding would put wrong
 * characters into the device.
 */
export function readConfigText(named: string): string {
  const file = shownName(named);
  const bytes = readBytes(named);
  const encoding = wideEncoding(bytes);
  if (encoding !== undefined)
    throw wholeFileError(file, `expected UTF-8, found ${encoding}; ${remedy(encoding, file)}`);
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) throw badByteError(file, bytes, text);
  return text.replace(/^\ufeff/, '');
}

function readBytes(file: string): Buffer {
  try {
    return file === DASH ? readStdin() : readFile(file);
  } catch (error) {
    throw wholeFileError(shownName(file), `can't be read: ${fileProblem(error)}`);
  }
}

export function wholeFileError(file: string, message: string): ConfigError {
  return new ConfigError(file, [{ line: 0, column: 0, key: '', message }]);
}

/** The first bytes of files that say how they are encoded; the longer ones come first. */
const MARKS = [
  ['UTF-32LE', [0xff, 0xfe, 0, 0]],
  ['UTF-32BE', [0, 0, 0xfe, 0xff]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
] as const;

const SAMPLE = 100;

/**
 * An encoding of two or four bytes a character, which most editors mark, and which has zeros in between if they don't.
 */
function wideEncoding(bytes: Buffer): string | undefined {
  const mark = MARKS.find(([, first]) => first.every((byte, i) => bytes[i] === byte));
  if (mark !== undefined) return mark[0];
  const zeros = [...bytes.subarray(0, SAMPLE).entries()].filter(([, byte]) => byte === 0);
  if (zeros.length === 0 || zeros.length < Math.min(bytes.length, SAMPLE) / 4) return undefined;
  return zeros.filter(([i]) => i % 2 === 0).length > zeros.length / 2 ? 'UTF-16BE' : 'UTF-16LE';
}

function remedy(encoding: string, file: string): string {
  return `save it as UTF-8, for example with: iconv -f ${encoding} -t UTF-8 ${file}`;
}

function badByteError(file: string, bytes: Buffer, text: string): ConfigError {
  const offset = firstBadByte(bytes, text);
  const before = bytes
    .subarray(0, offset)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n');
  const byte = bytes.subarray(offset, offset + 1);
  const message =
    `expected UTF-8, found the byte ${byte.toString('hex').toUpperCase()}${meaning(byte)}; ` +
    remedy('WINDOWS-1252', file);
  return new ConfigError(file, [{ line: before.length, column: (before.at(-1) ?? '').length + 1, key: '', message }]);
}

const REPLACEMENT = '\ufffd';
const OWN = Buffer.from(REPLACEMENT);

/** Where the decoder has put the first replacement character that is not in the file itself. */
function firstBadByte(bytes: Buffer, text: string): number {
  let offset = 0;
  for (let from = 0; ; from += REPLACEMENT.length) {
    const found = text.indexOf(REPLACEMENT, from);
    offset += Buffer.byteLength(text.slice(from, found));
    if (!bytes.subarray(offset, offset + OWN.length).equals(OWN)) return offset;
    offset += OWN.length;
    from = found;
  }
}

/**
 * Bytes from A0 on are the same in Latin-1 and Windows-1252; of those below, only the latter makes letters and signs.
 */
function meaning(byte: Buffer): string {
  const isLatin = byte.readUInt8() >= 0xa0;
  return isLatin ? `, which is "${byte.toString('latin1')}" in Latin-1 (Windows-1252)` : ', as Windows-1252 has it';
}
