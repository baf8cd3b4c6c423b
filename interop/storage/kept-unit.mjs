// The unit that is kept, and where: for the server, and for tests that look at a store without one.
import { Unit } from 'busbar';
import { levelStore, sqliteStore } from 'busbar/storage';
import { ClassicLevel } from 'classic-level';

const zeros = (length) => ({ start: 0, values: Array(length).fill(0) });

/** @param size how many there are of each part: see slots.ts. */
export function createUnit(size) {
  return new Unit({
    id: 1,
    coils: [zeros(size.coils)],
    holdingRegisters: [zeros(size.holding)],
    files: [
      { number: 1, ...zeros(size.file1) },
      { number: 2, ...zeros(size.file2) },
    ],
  });
}

/** @param level options of LevelDB. */
export async function createStore(kind, folder, level = {}) {
  if (kind === 'level') return levelStore(new ClassicLevel(folder, level));
  const { DatabaseSync } = await import('node:sqlite');
  return sqliteStore(new DatabaseSync(`${folder}/values.db`));
}
