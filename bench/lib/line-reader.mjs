// What reading rubbish costs Busbar itself: a server on a port that is no port, fed as fast as it takes the bytes.
import { Duplex } from 'node:stream';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { ModbusSerialServer, Unit } from 'busbar';
import { registerValues } from '../servers/common.mjs';
import { goodReply, goodRequest } from './line-rubbish.mjs';
import { median } from './measure.mjs';

/** Bytes that adapters, with and without a buffer, deliver at once. */
export const chunkSizes = [1, 16, 64];
/** So short that no line seems silent while another is fed. */
const block = 1024;
/** In each half of the bytes. */
const blocks = 400;
/** Longer than the silence that ends what the rubbish has begun. */
const pause = 150;

/**
 * @typedef {import('./line-rubbish.mjs').Rubbish} Rubbish
 * @typedef {{ chunkSize: number, secondsPerByte: number, growth: number, heapMiB: number, rssMiB: number, replies: number,
 *   answered: boolean }} ReaderFigures
 * `growth`: what the second half of the bytes took, as a multiple of the first: about 1 if time is linear
 */

/** A port whose bytes come as events, without the buffers of a stream: their cost is not the reader's. */
class FakePort extends Duplex {
  /** @type {Uint8Array[]} */
  written = [];

  _read() {}

  _write(/** @type {Uint8Array} */ bytes, /** @type {string} */ _encoding, /** @type {() => void} */ done) {
    this.written.push(bytes);
    done();
  }
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** A server, and what it is fed. */
class Subject {
  #port = new FakePort();
  #server = new ModbusSerialServer({ port: this.#port, units: [1, 9].map(createUnit) });
  #chunkSize;

  /** @param {number} chunkSize */
  constructor(chunkSize) {
    this.#chunkSize = chunkSize;
  }

  get replies() {
    return this.#port.written.length;
  }

  start() {
    return this.#server.listen();
  }

  stop() {
    return this.#server.close();
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {Promise<number>} CPU seconds
   */
  async feed(bytes) {
    const start = cpuSeconds();
    for (let at = 0; at < bytes.length; at += this.#chunkSize) {
      this.#port.emit('data', bytes.subarray(at, at + this.#chunkSize));
    }
    await turn();
    return cpuSeconds() - start;
  }

  /** Whether a request after silence gets its reply, at the latest after silence. */
  async answers() {
    await delay(pause);
    this.#port.written = [];
    this.#port.emit('data', goodRequest);
    // Behind what broke off, silence has to confirm it.
    await delay(pause);
    return Buffer.concat(this.#port.written).equals(goodReply);
  }
}

/** @param {number} id */
function createUnit(id) {
  return new Unit({ id, holdingRegisters: [{ start: 0, values: registerValues.slice(0, 100) }] });
}

/**
 * Feeds half of the bytes to one server, then by turns the other half to this one and the first half to a second one:
 * whatever else the machine does meanwhile hits both alike. The first half by itself also warms up.
 * @param {Subject} old
 * @param {Subject} young
 * @param {Uint8Array} bytes
 */
async function compare(old, young, bytes) {
  const blockAt = (/** @type {number} */ index) => bytes.subarray(index * block, (index + 1) * block);
  for (let index = 0; index < blocks; index++) await old.feed(blockAt(index));
  const pairs = [];
  for (let index = 0; index < blocks; index++) {
    const first = await young.feed(blockAt(index));
    pairs.push({ first, second: await old.feed(blockAt(blocks + index)) });
  }
  return {
    secondsPerByte: pairs.reduce((sum, { first, second }) => sum + first + second, 0) / bytes.length,
    growth: median(pairs.map(({ first, second }) => second / first)),
  };
}

/**
 * @param {Rubbish} rubbish
 * @param {number} chunkSize
 * @returns {Promise<ReaderFigures>}
 */
export async function measureReader(rubbish, chunkSize) {
  const [old, young] = [new Subject(chunkSize), new Subject(chunkSize)];
  await Promise.all([old.start(), young.start()]);
  const bytes = rubbish.bytes(2 * blocks * block);
  const before = process.memoryUsage();
  const costs = await compare(old, young, bytes);
  const after = process.memoryUsage();
  const replies = old.replies;
  const answers = await Promise.all([old.answers(), young.answers()]);
  await Promise.all([old.stop(), young.stop()]);
  return {
    chunkSize,
    ...costs,
    heapMiB: (after.heapUsed - before.heapUsed) / 2 ** 20,
    rssMiB: (after.rss - before.rss) / 2 ** 20,
    replies,
    answered: answers.every(Boolean),
  };
}
