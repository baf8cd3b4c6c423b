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
  /** Undefined if this server has sent it, and need not be told. */
  readonly runs: readonly Run[] | undefined;
}

const LENGTHS = 8;

/** Runs as one string, which the scripts read, too: length of the name, name, offset, length, bytes. */
export function encodeRuns(runs: readonly Run[]): Buffer {
  const size = runs.reduce((sum, { part, bytes }) => sum + 1 + part.length + LENGTHS + bytes.length, 0);
  const target = Buffer.alloc(size);
  let at = 0;
  for (const { part, offset, bytes } of runs) {
    at = target.writeUInt8(part.length, at);
    at += target.write(part, at, 'latin1');
    at = target.writeUInt32BE(offset, at);
    at = target.writeUInt32BE(bytes.length, at);
    target.set(bytes, at);
    at += bytes.length;
  }
  return target;
}

/** @throws RangeError if it ends too early. */
export function decodeRuns(source: Buffer): Run[] {
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

/** Entries as Redis returns them: `[id, [name, value, …]]` each. */
export function decodeEntries(reply: unknown): Entry[] {
  return listOf(reply).map((entry) => {
    const [id, fields] = listOf(entry);
    const [, tag, , previous, , changes] = listOf(fields);
    const blob = bytesOf(changes);
    return {
      version: Number.parseInt(textOf(id), 10),
      tag: textOf(tag),
      previous: textOf(previous),
      runs: blob.length === 0 ? undefined : decodeRuns(blob),
    };
  });
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
