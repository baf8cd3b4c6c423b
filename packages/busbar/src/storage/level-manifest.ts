import { LevelDamage, LevelReader } from './level-bytes.js';
import { recordsIn } from './level-log.js';

/** The fields of an entry, by its tag: numbers and texts. */
const FIELDS = ['', 't', 'n', 'n', 'n', 'nt', 'nn', 'nnntt', '', 'n'];
/** Tags of entries: a log; a table that is gone, with its level and number; one that is new, with its size as well. */
const [LOG, GONE, NEW] = [2, 6, 7];

/** What a database is made of. */
export interface Manifest {
  /** Sizes of the tables in bytes, by their numbers. */
  readonly tables: ReadonlyMap<number, number>;
  /** The number of the log with what is in no table yet; 0 if there has been none. */
  readonly log: number;
}

/**
 * Throws a `LevelDamage`. A last record that is cut tells what was not done yet when the power was cut, and is left out. If
 * it was done, a table or the log that the records before it name is gone.
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const tables = new Map<number, number>();
  let log: number | undefined;
  for (const record of recordsIn(bytes)) {
    if (record === undefined) throw new LevelDamage('has a damaged record');
    for (const reader = new LevelReader(record); !reader.done; ) {
      const [tag, first = 0, second = 0, third = 0] = readEntry(reader);
      if (tag === LOG) log = first;
      if (tag === GONE) tables.delete(second);
      if (tag === NEW) tables.set(second, third);
    }
  }
  if (log === undefined) throw new LevelDamage('ends too early');
  return { tables, log };
}

/** Its tag and its fields; 0 in the place of a text. */
function readEntry(reader: LevelReader): number[] {
  const tag = reader.varint();
  const fields = FIELDS[tag];
  if (!fields) throw new LevelDamage('has an unknown entry');
  return [tag, ...Array.from(fields, (kind) => (kind === 'n' ? reader.varint() : skipText(reader)))];
}

function skipText(reader: LevelReader): number {
  reader.take(reader.varint());
  return 0;
}
