// What rubbish at the pace of a real line costs Busbar and its peers, each a process of its own, all at the same time.
import { setTimeout as delay } from 'node:timers/promises';
import { Pty, sendPaced } from './line-pty.mjs';
import { goodReply, goodRequest, randomBytes } from './line-rubbish.mjs';
import { cpuSecondsOf, memoryOf, startServer } from './process.mjs';

/** At 115200 baud a byte takes 11 bits: start, 8 of data, parity, stop. */
export const bytesPerSecond = Math.round(115_200 / 11);
const warmUp = 1;
const pause = 500;
const tries = 3;
const timeout = 1000;
const rubbish = randomBytes(1024 * 1024);

/**
 * @typedef {{ cpu: number, rssBefore: number, rssAfter: number, lost: number, sentIntoIt: number, answeredAt: number }} LineFigures
 * `answeredAt`: the try at which a good request after the rubbish was answered, 0 for none
 */

/** One server at its line. */
export class LineContestant {
  /** @type {LineFigures | undefined} */
  figures;
  /** Why there are no figures. */
  failure = '';
  /** @type {Awaited<ReturnType<typeof startServer>> | undefined} */
  #process;
  #before = { cpu: 0, rss: 0 };

  /**
   * @param {string} name
   * @param {string} version
   * @param {string[]} command
   * @param {string} path of its line
   */
  constructor(name, version, command, path) {
    this.name = name;
    this.version = version;
    this.command = command;
    this.line = new Pty(path);
  }

  /** Only who answers before the rubbish can be found to be silent after it. */
  async start() {
    await this.line.open();
    this.#process = await startServer([...this.command, this.line.path]);
    if ((await this.#answers()) === 0) throw new Error('it does not answer on a pseudo-terminal');
  }

  begin() {
    this.line.received = Buffer.alloc(0);
    this.line.lost = 0;
    this.#before = this.#usage();
  }

  /** @param {number} seconds since `begin` */
  async finish(seconds) {
    const { cpu, rss } = this.#usage();
    await delay(pause);
    const sentIntoIt = this.line.received.length;
    const { lost } = this.line;
    const [rssBefore, rssAfter] = [this.#before.rss, rss];
    const answeredAt = await this.#answers();
    this.figures = { cpu: (cpu - this.#before.cpu) / seconds, rssBefore, rssAfter, lost, sentIntoIt, answeredAt };
  }

  async stop() {
    await this.#process?.stop();
    this.line.close();
  }

  #usage() {
    const pid = this.#process?.pid ?? 0;
    return { cpu: cpuSecondsOf(pid), rss: memoryOf(pid, 'VmRSS') };
  }

  /** The try at which a good request is answered; 0 for none. */
  async #answers() {
    for (let attempt = 1; attempt <= tries; attempt++) {
      if (await this.line.ask(goodRequest, goodReply, timeout)) return attempt;
    }
    return 0;
  }
}

/**
 * Does something with each contestant that has not failed.
 * @param {LineContestant[]} contestants
 * @param {(contestant: LineContestant) => void | Promise<void>} step
 */
async function withAll(contestants, step) {
  const guarded = async (/** @type {LineContestant} */ contestant) => {
    try {
      await step(contestant);
    } catch (error) {
      contestant.failure = error instanceof Error ? error.message : String(error);
    }
  };
  await Promise.all(contestants.filter(({ failure }) => failure === '').map(guarded));
}

/**
 * @param {LineContestant[]} contestants
 * @param {number} seconds
 */
export async function measureLines(contestants, seconds) {
  await withAll(contestants, (contestant) => contestant.start());
  const lines = contestants.filter(({ failure }) => failure === '').map(({ line }) => line);
  await sendPaced(lines, rubbish, { bytesPerSecond, seconds: warmUp });
  await withAll(contestants, (contestant) => contestant.begin());
  const elapsed = await sendPaced(lines, rubbish, { bytesPerSecond, seconds });
  await withAll(contestants, (contestant) => contestant.finish(elapsed));
}
