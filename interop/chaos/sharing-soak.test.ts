import { describe, expect, test } from 'vitest';
import { FAULTS } from './faults.js';
import { LOSSES } from './losses.js';
import { playRound, type RoundOptions } from './round.js';

// Servers of one image, as processes, with a Redis; clients that write and read through all of them; and faults. What
// the clients have seen is judged by the checker. In the soak there are many rounds; SEED=… repeats those of a seed.

const soak = process.env.SOAK !== undefined;
const ROUNDS = soak ? 12 : 1;
const firstSeed = Number(process.env.SEED ?? (soak ? Date.now() % 1e9 : 20_260_101));
const TIMEOUT = 3_600_000;

/** Redis has every write on disk before it answers: then nothing may be lost, whatever happens to it. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const faults = Object.keys(FAULTS);
const ends = soak ? { faults: 40, requests: 10_000 } : { faults: 8, requests: 1500 };
const usual = { servers: 3, clients: 6, ends };
const lease = 400;

const SCENARIOS: [string, Omit<RoundOptions, 'seed'>][] = [
  [
    'read the latest',
    { ...usual, promised: 'latest', sharing: { reads: 'latest', whenAway: 'refuse', lease }, redis: DURABLE, faults },
  ],
  [
    'read what they have, also while Redis is away',
    { ...usual, promised: 'local', sharing: { reads: 'local', whenAway: 'stale', lease }, redis: DURABLE, faults },
  ],
  [
    'notice that Redis has lost writes',
    {
      ...usual,
      promised: 'latest',
      sharing: { reads: 'latest', whenAway: 'refuse', lease },
      redis: [],
      ends: { ...ends, faults: ends.faults / 2 },
      faults: [...Object.keys(LOSSES), 'pause a server', 'cut a link'],
    },
  ],
];

async function play(options: RoundOptions): Promise<void> {
  const verdict = await playRound(options);
  const said = `seed ${options.seed}: ${JSON.stringify(verdict.counts)}`;
  if (soak) console.log(said);
  expect(verdict.problems.slice(0, 5), `${verdict.problems.length} problems, ${said}`).toEqual([]);
}

describe('servers agree that', () => {
  test.each(SCENARIOS)('%s', { timeout: TIMEOUT }, async (_, options) => {
    for (let seed = firstSeed; seed < firstSeed + ROUNDS; seed++) await play({ ...options, seed });
  });
});

/** What the checker says of servers of which one does wrong what mutants.mjs says. */
const MUTANTS: [string, RegExp][] = [
  ['early', /no order explains/],
  ['forgetful', /no order explains/],
  ['selfish', /no order explains/],
  ['backward', /no order explains/],
  ['torn', /torn/],
  ['slow', /took \d+ ms/],
];

/** Whether a round shows what is wrong depends on who is served when: three of four do, at the least. */
const MUTANT_ROUNDS = 30;

/** What the checker says of a mutant, in as many rounds as it takes to find it out. */
async function complaints(mutant: string, said: RegExp): Promise<string[]> {
  const [, options] = SCENARIOS[0];
  const ends = { faults: 6, requests: 1500 };
  const all: string[] = [];
  for (let seed = 1; seed <= MUTANT_ROUNDS && !all.some((problem) => said.test(problem)); seed++) {
    const round = { ...options, seed, faults: ['slow down a link'], servers: 2, ends, mutant };
    all.push(...(await playRound(round)).problems);
  }
  return all;
}

describe('the checker finds out one of the servers that is', () => {
  test.each(MUTANTS)('%s', { timeout: TIMEOUT }, async (mutant, said) => {
    expect(await complaints(mutant, said)).toContainEqual(expect.stringMatching(said));
  });
});
