import { random } from '../helpers/random.js';
import { type Keeping, KeptServer } from './kept-server.js';
import { Rig } from './rig.js';

/** Small ones make LevelDB compact all the time. */
const LEVELS = [{}, { writeBufferSize: 64 * 1024 }, { writeBufferSize: 256 * 1024 }];
const MOST_WRITES = 400;
const LONGEST_DELAY_MS = 4;
const LONGEST_START_MS = 250;

export interface Tally {
  kills: number;
  /** Of the kills: those while the server started. */
  killedAtStart: number;
  acknowledged: number;
  /** Writes whose reply had not come when the server was killed. */
  open: number;
  readonly faults: string[];
}

export interface Torture {
  readonly kills: number;
  readonly seed: number;
}

/**
 * Kills a server again and again while four clients write, and looks each time for what is lost or half, until there is
 * a fault. In the mode `interval`, what is lost is none.
 */
export async function torture(keeping: Keeping, { kills, seed }: Torture): Promise<Tally> {
  const pick = random(seed);
  const tally: Tally = { kills: 0, killedAtStart: 0, acknowledged: 0, open: 0, faults: [] };
  await using rig = new Rig(keeping, seed + 1);
  const restart = async () => {
    const found = await faultsAfterStart(rig, LEVELS[pick(LEVELS.length)]);
    const faults = found.filter((fault) => keeping.mode !== 'interval' || !fault.includes(': lost'));
    tally.faults.push(...faults.map((fault) => `after kill ${tally.kills}: ${fault}`));
    return tally.faults.length === 0;
  };
  for (let goesOn = true; tally.kills < kills && goesOn; tally.kills++) {
    if (pick(4) === 0) {
      await killStarting({ ...keeping, level: LEVELS[pick(LEVELS.length)] }, pick(LONGEST_START_MS));
      tally.killedAtStart++;
    } else if (await restart()) {
      await killWriting(rig, 1 + pick(MOST_WRITES), pick(LONGEST_DELAY_MS));
      tally.open += rig.history.open;
    } else goesOn = false;
  }
  if (tally.faults.length === 0) await restart();
  tally.acknowledged = rig.history.acknowledged;
  const { refusals } = rig.history;
  if (refusals.length > 0) tally.faults.push(`writes were refused: ${refusals.slice(0, 10)}`);
  return tally;
}

/** What is wrong with what a server holds when it has started; that it does not is wrong, too. */
async function faultsAfterStart(rig: Rig, level: Keeping['level']): Promise<string[]> {
  try {
    await rig.start(level);
  } catch (error) {
    return [String(error)];
  }
  return rig.look();
}

async function killStarting(keeping: Keeping, delay: number): Promise<void> {
  const server = KeptServer.begin(keeping);
  await pause(delay);
  await server.kill();
}

/** Kills it when so many writes have been acknowledged, or some milliseconds later. */
async function killWriting(rig: Rig, count: number, delay: number): Promise<void> {
  const target = rig.history.acknowledged + count;
  let killed: Promise<unknown> | undefined;
  await rig.write(() => {
    if (rig.history.acknowledged >= target) killed ??= pause(delay).then(() => rig.server.kill());
    return false;
  });
  await killed;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
