import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './helpers/folder.js';
import { KINDS } from './storage/kept-server.js';
import { type Tally, torture } from './storage/torture.js';

const { SEED, SOAK } = process.env;
const soak = SOAK !== undefined;
/** The default run is the same every time, as far as the system's clock lets it; SEED=… repeats one of any. */
const seed = Number(SEED ?? (soak ? Date.now() % 1_000_000_000 : 1));
const kills = soak ? 200 : 8;
/** Of a store that lies, it does not take that many. */
const MOST_KILLS = 100;

function report(kind: string, { kills, killedAtStart, acknowledged, open, faults }: Tally): void {
  if (!soak) return;
  const counts = `${kills} kills, ${killedAtStart} of them while it started, ${acknowledged} acknowledged writes`;
  console.log(`${kind}, SEED=${seed}: ${counts}, ${open} without a reply, ${faults.length} faults`);
}

describe.each(KINDS)('values in a store of %s', (kind) => {
  test(`outlive kill -9, ${kills} times while four clients write`, { timeout: 3_600_000 }, async () => {
    using folder = temporaryFolder();
    const tally = await torture({ kind, folder: folder.path }, { kills, seed });
    report(kind, tally);
    expect(tally.faults.slice(0, 5), `SEED=${seed}`).toEqual([]);
    expect(tally.acknowledged).toBeGreaterThan(kills);
    expect(tally.open).toBeGreaterThan(0);
  });

  test('fit together after kill -9 if they are written at intervals', { timeout: 3_600_000 }, async () => {
    using folder = temporaryFolder();
    const tally = await torture({ kind, folder: folder.path, mode: 'interval', interval: 20 }, { kills, seed });
    report(kind, tally);
    expect(tally.faults.slice(0, 5), `SEED=${seed}`).toEqual([]);
  });

  // The storage itself finds out that its entries do not fit together.
  test.each([
    ['answers before it has written', 'early', 'lost'],
    ['writes what belongs together one by one', 'split', 'STORE_CORRUPT'],
  ] as const)('are missed if it %s', async (_, lie, fault) => {
    using folder = temporaryFolder();
    const { faults } = await torture({ kind, folder: folder.path, lie }, { kills: MOST_KILLS, seed });
    expect(faults.join('\n')).toContain(fault);
  });
});
