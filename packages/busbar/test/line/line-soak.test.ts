import { expect, test, vi } from 'vitest';
import { WirePort } from '../helpers/wire-port.js';
import { simulate } from './simulation.js';

vi.mock('serialport', () => ({ SerialPort: WirePort }));

const EXCHANGES_PER_RUN = 150;
const { SEED, SOAK } = process.env;
const soak = SOAK !== undefined;
const runs = SEED === undefined ? (soak ? 15_000 : 200) : 1;
/** The default runs are the same every time; SEED=… repeats one of any. */
const firstSeed = Number(SEED ?? (soak ? Date.now() % 1_000_000_000 : 1));
/** By accident bytes read like a frame, CRC and all; the default runs are free of it. */
const accidentsAllowed = soak ? Math.ceil((runs * EXCHANGES_PER_RUN) / 100_000) : 0;

const title = 'on a shared, noisy line every intact request is answered once and right, and nothing else is';

test(title, { timeout: 10_800_000 }, async () => {
  const failures: string[] = [];
  const accidents: string[] = [];
  if (soak) console.log(`first seed: ${firstSeed}`);
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const { exchanges, mismatch, traffic } = await simulate(seed, EXCHANGES_PER_RUN);
    if (soak && (seed - firstSeed) % 1000 === 999)
      console.log(`${seed - firstSeed + 1} runs, ${failures.length} mismatches`);
    if (mismatch === undefined) continue;
    const report = `SEED=${seed}, exchange ${exchanges}: ${mismatch.what}`;
    if (soak) console.log(report);
    if (mismatch.accident === undefined) failures.push(`${report}\n${traffic}`);
    else accidents.push(`${report}, since there was ${mismatch.accident}${SEED === undefined ? '' : `\n${traffic}`}`);
  }
  if (accidents.length > 0) console.log(accidents.join('\n'));
  expect(failures.length, failures.slice(0, 3).join('\n\n')).toBe(0);
  expect(accidents.length, 'accidents').toBeLessThanOrEqual(accidentsAllowed);
});
