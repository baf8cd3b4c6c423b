// What it costs that servers share one image over Redis: reads, writes, and how soon the others see them.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Contestant, measureAll, median } from './measure.mjs';
import { runLoadgen, startServer } from './process.mjs';
import { aimLine, describeRun, table, times, whole } from './report.mjs';
import { compileLoadgen, prepareBusbar } from './servers.mjs';

const reads = { name: '64x1 read 10', connections: 64, outstanding: 1, functionCode: 3, registers: 10 };
const writes = { name: '64x1 write 10', connections: 64, outstanding: 1, functionCode: 16, registers: 10 };
/** Of the reads in a second of CPU time without sharing. */
const AIM = 0.95;
const SERVERS = 3;
const WARM_UP = 1_000;
/** How many writes are waited for on another server. */
const SIGHTS = 500;

/** Redis cannot choose a port by itself: one that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? address?.port : undefined;
}

/**
 * A Redis that keeps nothing on disk unless told otherwise, wherever there is room for it.
 * @param {string} folder
 * @param {string[]} settings
 */
async function startRedis(folder, settings = []) {
  const port = await freePort();
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const redis = await startServer(['redis-server', ...own, ...settings], /Ready to accept connections/, false);
  return { url: `redis://127.0.0.1:${port}`, stop: redis.stop };
}

/**
 * Writes through several servers at the same time, each with its part of the clients.
 * @param {Awaited<ReturnType<typeof startServer>>[]} servers
 * @param {{ loadgen: string, seconds: number }} options
 */
async function writeThrough(servers, { loadgen, seconds }) {
  const { connections, outstanding, functionCode, registers } = writes;
  const load = [Math.ceil(connections / servers.length), outstanding, functionCode, registers, WARM_UP, seconds * 1000];
  const runs = await Promise.all(
    servers.map(({ port, pid }) =>
      runLoadgen(loadgen, [port, ...load, pid].map(String), WARM_UP + seconds * 1000 + 10_000),
    ),
  );
  const good = runs.map((run) => {
    if (!run.ok) throw new Error(run.reason);
    return run;
  });
  return {
    rate: good.reduce((sum, { replies, seconds }) => sum + replies / seconds, 0),
    medianMs: median(good.map(({ medianMs }) => medianMs)),
    p99Ms: Math.max(...good.map(({ p99Ms }) => p99Ms)),
  };
}

/** One request after the other, for one register. */
class Client {
  /** @param {number} port */
  static async open(port) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Client(socket);
  }

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.socket = socket;
  }

  /**
   * @param {number} functionCode
   * @param {number} word
   * @returns {Promise<number>} the last register of the reply
   */
  async ask(functionCode, word) {
    this.socket.write(Buffer.from([0, 1, 0, 0, 0, 6, 1, functionCode, 0, 0, word >> 8, word & 0xff]));
    const [reply] = await once(this.socket, 'data');
    if (reply[7] !== functionCode) throw new Error(`a server answered ${reply.toString('hex')}`);
    return reply.readUInt16BE(reply.length - 2);
  }
}

/**
 * From the moment a client sends a write to one server until a client of another has read it, asking all the time.
 * @param {number[]} ports
 */
async function measureSight([first, second]) {
  const [writer, reader] = [await Client.open(first), await Client.open(second)];
  const durations = [];
  for (let value = 1001; value <= 1000 + SIGHTS; value++) {
    const sent = performance.now();
    const written = writer.ask(6, value);
    while ((await reader.ask(3, 1)) !== value);
    durations.push(performance.now() - sent);
    await written;
  }
  writer.socket.destroy();
  reader.socket.destroy();
  const sorted = durations.toSorted((a, b) => a - b);
  return { medianMs: median(sorted), p99Ms: sorted[Math.floor(sorted.length * 0.99)] };
}

/**
 * Starts servers of one image for a task.
 * @template T
 * @param {string[]} command
 * @param {(servers: Awaited<ReturnType<typeof startServer>>[]) => Promise<T>} task
 */
async function withServers(command, task) {
  /** @type {Awaited<ReturnType<typeof startServer>>[]} */
  const servers = [];
  try {
    for (let i = 0; i < SERVERS; i++) servers.push(await startServer(command));
    return await task(servers);
  } finally {
    for (const server of servers) await server.stop();
  }
}

/**
 * @param {Contestant} one
 * @param {Contestant} bare the same without sharing
 * @param {typeof reads} load
 */
function row(one, bare, load) {
  const [ours, without] = [one.figures(load), bare.figures(load)];
  if (!ours || !without) throw new Error(`${one.name}, ${load.name}: ${one.failures.get(load.name) ?? 'not measured'}`);
  const share = times(ours.requestsPerCpuSecond / without.requestsPerCpuSecond);
  const durations = [ours.medianMs.toFixed(2), ours.p99Ms.toFixed(2)];
  return [one.name, whole(ours.requestsPerSecond), whole(ours.requestsPerCpuSecond), share, ...durations];
}

/**
 * Measures, and prints what it found.
 * @param {{ folder: string, seconds: number, rounds: number, progress: (text: string) => void,
 *   atEnd: (stop: () => Promise<void>) => void }} options
 */
export async function benchSharing({ folder, seconds, rounds, progress, atEnd }) {
  const [alone, shared] = [prepareBusbar('busbar'), prepareBusbar('shared')];
  if ('missing' in alone) throw new Error(alone.missing);
  if ('missing' in shared) throw new Error(shared.missing);
  const loadgen = compileLoadgen(folder);
  const redis = await startRedis(folder);
  const durable = await startRedis(folder, ['--appendonly', 'yes', '--appendfsync', 'always']);
  const command = [...shared.command, redis.url];
  const contestants = [
    new Contestant('not shared', alone.version, alone.command),
    new Contestant('shared', shared.version, command),
    new Contestant('shared, on disk', shared.version, [...shared.command, durable.url]),
  ];
  atEnd(async () => {
    for (const contestant of contestants) await contestant.stop();
    await Promise.all([redis.stop(), durable.stop()]);
  });
  const where = 'servers on core 0, load generators on core 1, Redis on both';
  describeRun(where, 'functions 03 and 10 (hexadecimal)', [{ name: 'busbar', version: alone.version }]);
  await measureAll(contestants, { loads: [reads, writes], loadgen, seconds, rounds, progress });
  for (const contestant of contestants) await contestant.stop();
  progress(`${SERVERS} servers of one image`);
  const several = await withServers(command, async (servers) => ({
    written: await writeThrough(servers, { loadgen, seconds }),
    sight: await measureSight(servers.map(({ port }) => port)),
  }));
  return report(contestants, several);
}

/**
 * @param {Contestant[]} contestants
 * @param {{ written: { rate: number, medianMs: number, p99Ms: number }, sight: { medianMs: number, p99Ms: number } }} several
 */
function report(contestants, { written, sight }) {
  const [bare, shared] = contestants;
  const heads = ['requests/s', 'per CPU-s', 'it / not shared', 'median ms', 'p99 ms'];
  for (const load of [reads, writes]) {
    console.log(
      `${load.name} registers\n${table([['', ...heads], ...contestants.map((one) => row(one, bare, load))])}\n`,
    );
  }
  const inMs = (/** @type {{ medianMs: number, p99Ms: number }} */ { medianMs, p99Ms }) =>
    `median ${medianMs.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
  console.log(`The writes through ${SERVERS} servers: ${whole(written.rate)} requests/s, ${inMs(written)}`);
  console.log(`A write is seen on another server after: ${inMs(sight)}\n`);
  const [ours, without] = [shared.figures(reads), bare.figures(reads)];
  const ratio = ours && without && ours.requestsPerCpuSecond / without.requestsPerCpuSecond;
  console.log(
    ['Aims', aimLine({ text: `requests per CPU-second at ${reads.name}, shared / not shared`, aim: AIM, ratio })].join(
      '\n',
    ),
  );
  const figures = Object.fromEntries(
    contestants.map((one) => [one.name, [reads, writes].map((load) => one.figures(load))]),
  );
  return { data: { figures, written, sight, ratio }, failed: ratio === undefined || ratio < AIM };
}
