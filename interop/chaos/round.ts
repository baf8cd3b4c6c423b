import { problemsOfBeats } from './beats.js';
import { type Cell, LOOKS } from './cells.js';
import { Client } from './client.js';
import { injectFaults } from './faults.js';
import { type Operation, type Promised, problemsOf, stretchesOf } from './history.js';
import { World, type WorldOptions } from './world.js';

export interface RoundOptions extends WorldOptions {
  /** What reads promise. */
  readonly promised: Promised;
  /** Names of FAULTS and LOSSES. */
  readonly faults: readonly string[];
  /** It ends when as many faults have happened, and as many requests were answered. */
  readonly ends: { readonly faults: number; readonly requests: number };
  readonly clients: number;
}

export interface Verdict {
  readonly problems: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** How long servers may take until they agree again once all is well, in ms. */
const RECOVERY = 30_000;

/** How long clients try until as many requests as wanted were answered, in ms. */
const MOST = 120_000;

/** Lets clients write and read while faults happen; then all is well, and the servers have to agree. */
export async function playRound(options: RoundOptions): Promise<Verdict> {
  const world = await World.start(options);
  try {
    await play(world, options);
    await settle(world);
    world.problems.push(...world.servers.flatMap(({ failure }) => failure ?? []));
    return { problems: [...world.problems, ...judge(world, options.promised)], counts: world.counts };
  } finally {
    await world.stop();
  }
}

async function play(world: World, { ends, clients, faults }: RoundOptions): Promise<void> {
  const written = new Map<Cell, number>();
  const all = Array.from({ length: clients }, (_, i) => new Client(world, i, written));
  let injecting = true;
  const injected = injectFaults(world, faults, ends.faults).finally(() => {
    injecting = false;
  });
  const giveUp = performance.now() + MOST;
  const isOver = () => (!injecting && world.answered >= ends.requests) || performance.now() > giveUp;
  await Promise.all([injected, ...all.map((client) => client.work(isOver))]);
  for (const client of all) client.close();
  if (world.answered < ends.requests)
    world.problems.push(`only ${world.answered} requests were answered in ${MOST} ms`);
}

/** Waits until all servers, one of them new, show the same; what they show then is the end of the history. */
async function settle(world: World): Promise<void> {
  const [first] = world.servers;
  await first.kill();
  await first.start();
  const client = new Client(world, 0, new Map());
  const end = performance.now() + RECOVERY;
  let seen = await lookEverywhere(world, client);
  while (new Set(seen).size > 1 && performance.now() < end) seen = await lookEverywhere(world, client);
  if (new Set(seen).size > 1) world.problems.push(`the servers differ at the end: ${differences(seen)}`);
  client.close();
}

/** What each server shows, as text; never the same for two that do not answer. */
async function lookEverywhere(world: World, client: Client): Promise<string[]> {
  const seen: string[] = [];
  for (const server of world.servers) {
    const values = [];
    for (const look of LOOKS) values.push((await client.look(server, look)) ?? `no reply from ${server.name}`);
    seen.push(values.flat().join(' '));
  }
  return seen;
}

function differences(seen: readonly string[]): string {
  return seen.map((text) => text.slice(0, 100)).join(' / ');
}

function judge({ history, losses, beats }: World, promised: Promised): string[] {
  const cells = new Map<string, Operation[]>();
  for (const operation of history) cells.set(operation.cell, [...(cells.get(operation.cell) ?? []), operation]);
  const stretches = [...cells.values()].flatMap((operations) => stretchesOf(operations, losses));
  const problems = stretches.flatMap((stretch) => (stretch.length > 0 ? problemsOf(stretch, promised) : []));
  return losses.length > 0 ? problems : [...problems, ...problemsOfBeats(beats)]; // a loss takes the count back
}
