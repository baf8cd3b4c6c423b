// What points cost that move ten times a second, and what clients notice of them.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSecondsOf, startServer } from './process.mjs';

const script = fileURLToPath(new URL('../servers/simulation.mjs', import.meta.url));
const POINTS = 10_000;
const TICKS_PER_SECOND = 10;
/** Seconds until the engine has compiled what it will. */
const WARM_UP = 3;
/** Of a core. */
const MOST = 0.25;
/** Reads the input registers 0 and 1: the counter of ticks. */
const request = Buffer.from('000100000006010400000002', 'hex');

/**
 * Reads the counter of ticks, and how long that took.
 * @param {import('node:net').Socket} socket
 */
async function read(socket) {
  const start = performance.now();
  socket.write(request);
  const [reply] = await once(socket, 'data');
  return { ticks: reply.readUInt32BE(9), time: performance.now() - start };
}

/**
 * Reads for some seconds, a hundred times in each.
 * @param {import('node:net').Socket} socket
 * @param {number} seconds
 */
async function readFor(socket, seconds) {
  const times = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    times.push((await read(socket)).time);
    await pause(10);
  }
  return times.sort((a, b) => a - b);
}

/**
 * @param {'moving' | 'still'} state
 * @param {number} seconds
 */
async function measure(state, seconds) {
  const server = await startServer([process.execPath, script, String(POINTS), state]);
  const socket = connect(server.port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    await readFor(socket, WARM_UP);
    const [before, cpu, start] = [await read(socket), cpuSecondsOf(server.pid), performance.now()];
    const times = await readFor(socket, seconds);
    const elapsed = (performance.now() - start) / 1000;
    const { ticks } = await read(socket);
    return {
      core: (cpuSecondsOf(server.pid) - cpu) / elapsed,
      rate: (ticks - before.ticks) / elapsed,
      median: times[Math.floor(times.length / 2)],
      p99: times[Math.floor(times.length * 0.99)],
    };
  } finally {
    socket.destroy();
    await server.stop();
  }
}

/**
 * Measures, and prints what it found.
 * @param {{ seconds: number, progress: (text: string) => void }} options
 */
export async function benchSimulation({ seconds, progress }) {
  progress(`${POINTS} points that stand still`);
  const still = await measure('still', seconds);
  progress(`${POINTS} points that move`);
  const moving = await measure('moving', seconds);
  const share = moving.core - still.core;
  const failed = share > MOST || moving.rate < 0.95 * TICKS_PER_SECOND;
  console.log(`${POINTS} points, ${moving.rate.toFixed(1)} times a second: ${(100 * share).toFixed(1)} % of a core`);
  for (const [name, { median, p99 }] of Object.entries({ still, moving })) {
    console.log(`  a read while they are ${name}: ${median.toFixed(2)} ms, 99 % within ${p99.toFixed(2)} ms`);
  }
  console.log(failed ? `Too much: at most ${100 * MOST} % at 10 times a second.` : 'Good.');
  return { data: { points: POINTS, seconds, share, still, moving }, failed };
}
