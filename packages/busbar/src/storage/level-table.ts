import { checksum, LevelDamage, LevelReader } from './level-bytes.js';

/** Where a block lies in its table, in bytes. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** The end of a table: the handles of two blocks, zeros, and a magic number. */
const FOOTER = 48;
const MAGIC = [0x8b80fb57, 0xdb477524];
/** Behind each block: its type, and the checksum over both. */
const TRAILER = 5;
const PLAIN = 0;

/**
 * Throws a `LevelDamage` if a table is not as LevelDB wrote it. LevelDB itself does not look at the checksums, and ends the
 * process where a key is too short, or not behind the one before.
 * @param size that the manifest tells, in bytes.
 */
export function checkTable(table: Uint8Array, size: number): void {
  if (table.length !== size) throw new LevelDamage(`has ${table.length} bytes, and not ${size}`);
  const footer = new LevelReader(table.subarray(-FOOTER));
  const [meta, index] = [handleIn(footer), handleIn(footer)];
  if (MAGIC.some((word, i) => wordAt(table, table.length - 8 + 4 * i) !== word)) throw new LevelDamage('is no table');
  let end = 0;
  for (const data of handlesIn(contentOf(table, index))) end = checkBlock(table, data);
  // Between the data and the list of other blocks is the only one of these, the filter.
  if (end < meta.offset) checkBlock(table, { offset: end, size: meta.offset - end - TRAILER });
  checkBlock(table, meta);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new LevelReader(bytes.subarray(at)).fixed(4);
}

function handleIn(reader: LevelReader): Handle {
  return { offset: reader.varint(), size: reader.varint() };
}

/** @returns where the block behind it begins. */
function checkBlock(table: Uint8Array, { offset, size }: Handle): number {
  const end = offset + size + TRAILER;
  const whole = size >= 0 && end <= table.length - FOOTER;
  if (!whole || checksum(table.subarray(offset, end - 4)) !== wordAt(table, end - 4)) {
    throw new LevelDamage(`has a block with a wrong checksum, at byte ${offset}`);
  }
  return end;
}

function contentOf(table: Uint8Array, block: Handle): Uint8Array {
  checkBlock(table, block);
  const end = block.offset + block.size;
  const content = table.subarray(block.offset, end);
  return table[end] === PLAIN ? content : unsnap(content);
}

/**
 * The values in an index. Ahead of each are three lengths, of what its key shares with the one before, of the rest of its
 * key, and of the value, and then that rest.
 */
function* handlesIn(block: Uint8Array): Iterable<Handle> {
  const restarts = wordAt(block, block.length - 4);
  const reader = new LevelReader(block.subarray(0, -4 - 4 * restarts));
  while (!reader.done) {
    reader.varint();
    const [rest, length] = [reader.varint(), reader.varint()];
    reader.take(rest);
    yield handleIn(new LevelReader(reader.take(length)));
  }
}

/** Unpacks Snappy: stretches as they are, and stretches that were there before. */
function unsnap(packed: Uint8Array): Uint8Array {
  const reader = new LevelReader(packed);
  const all = new Uint8Array(reader.varint());
  for (let at = 0; at < all.length; ) {
    const tag = reader.fixed(1);
    const kind = tag & 3;
    if (kind === 0) {
      const long = (tag >> 2) - 59;
      const stretch = reader.take(1 + (long > 0 ? reader.fixed(long) : tag >> 2));
      all.set(stretch, at);
      at += stretch.length;
    } else {
      const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const back = kind === 1 ? (tag >> 5) * 256 + reader.fixed(1) : reader.fixed(kind === 2 ? 2 : 4);
      // One by one: a stretch may reach into itself.
      for (const end = at + length; at < end; at++) all[at] = all[at - back];
    }
  }
  return all;
}
