import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModbusSerialServer } from 'busbar';
import { vi } from 'vitest';
import { createDevice } from '../conformance/device.js';
import { WirePort } from '../helpers/wire-port.js';
import { createAdapter, createPromptAdapter } from './adapter.js';
import { Dice } from './dice.js';
import { OWN_UNITS } from './frames.js';
import { Judge, type Mismatch } from './judge.js';
import { Master } from './master.js';
import { observe } from './observed.js';
import { Wire } from './wire.js';

/** How a run went. */
export interface Run {
  /** Exchanges up to the first mismatch. */
  readonly exchanges: number;
  readonly mismatch: Mismatch | undefined;
  /** What has gone over the line last, for people. */
  readonly traffic: string;
}

/**
 * Runs a server on a line in virtual time. Of four seeds in a row two make a noisy line; with one of each two the
 * server opens the port itself, and sees gaps. Some of those lines are fast, and some of the fast ones make noise of
 * their own all the time. The package `serialport` must be mocked, by `WirePort`.
 */
export async function simulate(seed: number, exchanges: number): Promise<Run> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  try {
    return await run(seed, exchanges);
  } finally {
    vi.useRealTimers();
    // What the streams have put off is done only then, however many runs there are.
    await nextTurn();
  }
}

async function run(seed: number, exchanges: number): Promise<Run> {
  const [hinted, noisy] = [seed % 2 === 1, seed % 4 < 2];
  const fast = hinted && seed % 3 === 0;
  const chattering = fast && noisy && seed % 5 === 0;
  const baudRate = fast ? 115_200 : 19_200;
  const dice = new Dice(seed);
  const units = OWN_UNITS.map((id) => createDevice(id));
  const server = await new ModbusSerialServer({ units, ...portFor(hinted, baudRate) }).listen();
  const wire = new Wire(
    WirePort.last as WirePort,
    chattering ? createPromptAdapter(dice) : createAdapter(dice),
    baudRate,
    hinted,
  );
  const judge = new Judge(wire, !noisy);
  const master = new Master(dice, wire, judge, noisy);
  const ignore = observe(judge);
  let done = 0;
  for (; done < exchanges && judge.mismatch === undefined; done++) {
    if (chattering) master.askThroughChatter();
    else master.exchange();
  }
  master.rest();
  judge.finish(units, server.counters);
  ignore();
  await server.shutdown();
  return { exchanges: done, mismatch: judge.mismatch, traffic: String(wire.traffic) };
}

/** Only a server that opens the port itself knows how long a character takes. */
function portFor(hinted: boolean, baudRate: number): { path: string; baudRate: number } | { port: WirePort } {
  return hinted ? { path: 'wire', baudRate } : { port: new WirePort() };
}
