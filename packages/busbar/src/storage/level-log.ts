import { checksum, LevelDamage, LevelReader } from './level-bytes.js';

/** No piece of a record crosses the border of such blocks. */
const BLOCK = 32 * 1024;
/** Ahead of each piece: its checksum, its length and its type. */
const HEADER = 7;
/** Types of pieces: none, but zeros; a whole record; its first piece; a further one. Others are its last piece. */
const [ZEROS, WHOLE, FIRST, MIDDLE] = [0, 1, 2, 3];
/** Ours, for a piece that is not what it was. */
const DAMAGED = -1;
const NOTHING = new Uint8Array();
/** A batch begins with the number of its first entry, in 8 bytes, and their count, in 4. */
const BATCH_HEADER = 12;

interface Piece {
  readonly type: number;
  readonly content: Uint8Array;
}

/**
 * Throws a `LevelDamage` if a log has a batch twice, as a bad copy may: there LevelDB ends the process. Batches with other
 * damage are left out by LevelDB, and missed by who counts them.
 */
export function checkLog(bytes: Uint8Array): void {
  let next = 0;
  for (const batch of recordsIn(bytes)) {
    if (batch === undefined || batch.length < BATCH_HEADER) continue;
    const reader = new LevelReader(batch);
    const first = reader.fixed(8);
    if (first < next) throw new LevelDamage('has a batch twice');
    next = first + reader.fixed(4);
  }
}

/**
 * The records that LevelDB finds, and `undefined` for what it finds damaged. A record at the end that is cut is none, and
 * zeros are none: so it may be after a power cut.
 */
export function* recordsIn(bytes: Uint8Array): Iterable<Uint8Array | undefined> {
  let pieces: Uint8Array[] | undefined;
  for (const { type, content } of piecesIn(bytes)) {
    if (type === WHOLE || type === FIRST) pieces = [];
    if (type === ZEROS || type === DAMAGED) pieces = undefined;
    pieces?.push(content);
    if (type === ZEROS || (pieces !== undefined && (type === FIRST || type === MIDDLE))) continue;
    yield pieces && Buffer.concat(pieces);
    pieces = undefined;
  }
}

/** What is behind a damaged piece, or behind zeros, is left out up to the end of the block. */
function* piecesIn(bytes: Uint8Array): Iterable<Piece> {
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const border = at - (at % BLOCK) + BLOCK;
    const { sum, length, type } = headerAt(bytes, at);
    const end = at + HEADER + length;
    if (end > bytes.length && border > bytes.length) return;
    const good = end <= border && checksum(bytes.subarray(at + 6, end)) === sum;
    if (good) yield { type, content: bytes.subarray(at + HEADER, end) };
    else if (at + HEADER <= border) yield { type: type + length === 0 ? ZEROS : DAMAGED, content: NOTHING };
    at = good ? end : border;
  }
}

function headerAt(bytes: Uint8Array, at: number): { sum: number; length: number; type: number } {
  const reader = new LevelReader(bytes.subarray(at, at + HEADER));
  return { sum: reader.fixed(4), length: reader.fixed(2), type: reader.fixed(1) };
}
