/** Neighbouring bytes of a part of a unit: big-endian words, or one byte per bit. */
export interface Run {
  /** The name of the part, as in its key: `holdingRegisters`, `file:4`, `fifo:500`. */
  readonly part: string;
  /** Bytes ahead of it in the part; a queue is always whole. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A change of the image, as it stands in the stream. */
export interface Entry {
  /** 1 more than that of the entry before. */
  readonly version: number;
  /** Of this change alone. */
  readonly tag: string;
  /** Of the entry before. */
  readonly previous: string;
  readonly runs: readonly Run[];
}

const LENGTHS = 8;

/** Bytes that `putRuns` puts. */
export function sizeOfRuns(runs: readonly Run[]): number {
  return runs.reduce((sum, { part, bytes }) => sum + 1 + part.length + LENGTHS + bytes.length, 0);
}

/** Puts runs into a string, which the scripts read, too: length of the name, name, offset, length, bytes. @returns its end. */
export function putRuns(target: Buffer, from: number, runs: readonly Run[]): number {
  let at = from;
  for (const { part, offset, bytes } of runs) {
    at = putText(target, at, part);
    at = target.writeUInt32BE(offset, at);
    at = target.writeUInt32BE(bytes.length, at);
    target.set(bytes, at);
    at += bytes.length;
  }
  return at;
}

/** Puts a text of up to 255 characters, with its length ahead. @returns its end. */
export function putText(target: Buffer, at: number, text: string): number {
  target.writeUInt8(text.length, at);
  return at + 1 + target.write(text, at + 1, 'latin1');
}

/** @throws RangeError if it ends too early. */
function decodeRuns(source: Buffer): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < source.length; ) {
    const name = at + 1;
    const end = name + source.readUInt8(at);
    const part = source.toString('latin1', name, end);
    const offset = source.readUInt32BE(end);
    const start = end + LENGTHS;
    at = start + source.readUInt32BE(end + 4);
    if (at > source.length) throw new RangeError(`a change of ${part} is cut short`);
    runs.push({ part, offset, bytes: source.subarray(start, at) });
  }
  return runs;
}

/** Entries as Redis returns them: `[id, [name, value, …]]` each. @param known the version up to which they are known. */
export function decodeEntries(reply: unknown, known: number): Entry[] {
  const entries: Entry[] = [];
  for (const each of listOf(reply)) {
    const [id, fields] = listOf(each);
    const version = Number.parseInt(textOf(id), 10);
    if (version <= known) continue;
    const [, tag, , previous, , changes] = listOf(fields);
    entries.push({ version, tag: textOf(tag), previous: textOf(previous), runs: decodeRuns(bytesOf(changes)) });
  }
  return entries;
}

/** A reply that is a list. @throws TypeError */
export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new TypeError('Redis sent something else than a list');
}

export function bytesOf(reply: unknown): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  throw new TypeError('Redis sent something else than a string');
}

export function textOf(reply: unknown): string {
  return bytesOf(reply).toString('latin1');
}
