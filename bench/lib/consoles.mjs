// What open consoles cost the clients of the command.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registerValues } from '../servers/common.mjs';
import { loads, median } from './measure.mjs';
import { runLoadgen, startServer } from './process.mjs';
import { compileLoadgen } from './servers.mjs';

const command = fileURLToPath(new URL('../../packages/cli/bin/busbar.js', import.meta.url));
const built = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const CONSOLES = 5;
/** Of the requests that are answered without consoles. */
const LEAST = 0.9;
/** Milliseconds until the engine has compiled what it will. */
const WARM_UP = 2_000;
/** The registers that the load generator expects, and points for what it reads. */
const points = Array.from({ length: 10 }, (_, i) => `p${i}: { at: holding ${i}, value: ${i + 1} }`);
const config = `
listen: [{ type: tcp, host: 127.0.0.1, port: 0 }]
units:
  - id: 1
    points: { ${points.join(', ')} }
    holdingRegisters: [{ start: 10, values: [${registerValues.slice(10).join(', ')}] }]
`;
const variants = [
  { name: 'without HTTP', http: false, consoles: 0 },
  { name: 'no console', http: true, consoles: 0 },
  { name: `${CONSOLES} consoles`, http: true, consoles: CONSOLES },
];

/**
 * Reads all events, as a console does, until it is aborted.
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function watch(url, signal) {
  const { body } = await fetch(new URL('/api/v1/events', url), { signal });
  const read = async () => {
    for await (const _ of body ?? []);
  };
  read().catch(() => undefined);
}

/**
 * Requests a second, and in a second of the server's CPU time, with these consoles open.
 * @param {typeof variants[number]} variant
 * @param {{ file: string, loadgen: string, seconds: number }} options
 */
async function measure({ http, consoles }, { file, loadgen, seconds }) {
  const args = ['serve', '--config', file, '--log-format', 'json', ...(http ? ['--http', '127.0.0.1:0'] : [])];
  const server = await startServer([process.execPath, command, ...args], /"event":"listening".*"port":(\d+)/);
  const end = new AbortController();
  try {
    const [, url = ''] = /"url":"([^"]+)"/.exec(server.output) ?? [];
    for (let i = 0; i < consoles; i++) await watch(url, end.signal);
    const { connections, outstanding, functionCode, registers } = loads[1];
    const load = [server.port, connections, outstanding, functionCode, registers, WARM_UP, seconds * 1000, server.pid];
    const run = await runLoadgen(loadgen, load.map(String), WARM_UP + seconds * 1000 + 10_000);
    if (!run.ok) throw new Error(run.reason);
    return { rate: run.replies / run.seconds, perCpuSecond: run.replies / run.serverCpuSeconds };
  } finally {
    end.abort();
    await server.stop();
  }
}

/**
 * Measures, and prints what it found.
 * @param {{ folder: string, seconds: number, rounds: number, progress: (text: string) => void }} options
 */
export async function benchConsoles({ folder, seconds, rounds, progress }) {
  if (!existsSync(built)) throw new Error('the command is not built: npm run build');
  const file = join(folder, 'consoles.yaml');
  writeFileSync(file, config);
  const options = { file, loadgen: compileLoadgen(folder), seconds };
  /** @type {Map<typeof variants[number], Awaited<ReturnType<typeof measure>>[]>} */
  const runs = new Map(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const variant of round % 2 ? variants.toReversed() : variants) {
      progress(`round ${round + 1} of ${rounds}, ${variant.name}`);
      runs.get(variant)?.push(await measure(variant, options));
    }
  }
  const figures = [...runs].map(([{ name }, list]) => ({
    name,
    rate: median(list.map(({ rate }) => rate)),
    perCpuSecond: median(list.map(({ perCpuSecond }) => perCpuSecond)),
  }));
  const [without, none, open] = figures;
  for (const { name, rate, perCpuSecond } of figures) {
    const share = (perCpuSecond / without.perCpuSecond).toFixed(2);
    console.log(`64x1, ${name}: ${Math.round(rate)} requests/s, ${Math.round(perCpuSecond)} per CPU second (${share})`);
  }
  const share = open.perCpuSecond / none.perCpuSecond;
  const failed = share < LEAST;
  console.log(`${CONSOLES} consoles leave ${share.toFixed(2)}: ${failed ? `too little, at least ${LEAST}` : 'good'}.`);
  return { data: { seconds, rounds, figures, share }, failed };
}
