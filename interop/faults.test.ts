import { ModbusSerialServer, ModbusTcpServer, Unit } from 'busbar';
import { type FaultOptions, Faults } from 'busbar-simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readDocument } from './helpers/document.js';
import { LibmodbusClient } from './helpers/libmodbus.js';
import { ONCE, run } from './helpers/process.js';
import { createPtyPair } from './helpers/pty.js';
import { PymodbusClient } from './helpers/pymodbus.js';

type Fault = Omit<FaultOptions, 'name'>;

const units = () => [new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] })];

async function serveTcp(...list: Fault[]): Promise<number> {
  const handler = new Faults(list.map((fault, i) => ({ ...fault, name: `${i}` }))).handler();
  const server = await new ModbusTcpServer({ units: units(), host: '127.0.0.1', port: 0, handler }).listen();
  onTestFinished(() => server.shutdown());
  return server.address()?.port ?? 0;
}

/** @returns the client's end of the line. */
async function serveLine(framing: 'rtu' | 'ascii', ...list: Fault[]): Promise<string> {
  const handler = new Faults(list.map((fault, i) => ({ ...fault, name: `${i}` }))).handler();
  const pair = await createPtyPair();
  onTestFinished(() => pair.remove());
  const server = await new ModbusSerialServer({ units: units(), path: pair.a, framing, handler }).listen();
  onTestFinished(() => server.shutdown());
  return pair.b;
}

/** Reads two registers once, and waits no longer than it must. @returns the values, or what mbpoll says of the failure. */
async function mbpoll(expected: string, ...place: string[]): Promise<string> {
  const timeout = expected === 'Connection timed out' ? ['-o', '0.5'] : [];
  const { stdout, stderr } = await run('mbpoll', [...ONCE, '-r', '0', '-c', '2', ...timeout, ...place]);
  const values = [...stdout.matchAll(/^\[\d+\]:\s+(\d+)/gm)].map(([, value]) => value).join(' ');
  return values || stderr.trim().replace(/^.* failed: /, '');
}

/** What the documents say that mbpoll says, over TCP and on an RTU line. */
const SEEN = [...readDocument('docs/faults.md').matchAll(/^\| `(\{ .* \})` \| (.*) \| (.*) \|$/gm)].map(
  ([, fault, tcp, rtu]): [string, string, string] => [fault, tcp, rtu],
);

test('the documents have a row for every kind of fault that a single read shows', () => {
  const kinds = ['exception', 'wrongFunction', 'wrongUnit', 'wrongTransaction', 'badChecksum', 'truncate', 'garbage'];
  for (const kind of [...kinds, 'delay', 'silence', 'split', 'close', 'refuse']) {
    expect(SEEN.map(([fault]) => fault)).toContainEqual(expect.stringContaining(`{ ${kind}: `));
  }
});

describe('mbpoll sees', () => {
  test.each(SEEN)('%s over TCP', async (fault, seen) => {
    const port = await serveTcp(parse(fault));
    expect(await mbpoll(seen, '-p', `${port}`, '127.0.0.1')).toBe(seen);
  });

  test.each(SEEN)('%s on an RTU line', async (fault, _tcp, seen) => {
    const path = await serveLine('rtu', parse(fault));
    expect(await mbpoll(seen, '-m', 'rtu', path)).toBe(seen);
  });
});

/** What libmodbus answers to three reads of one connection: of registers 0, 1 and 2. */
async function threeReads(to: number | string): Promise<string[]> {
  const client = await LibmodbusClient.connect(to);
  onTestFinished(() => client.close());
  const all: string[] = [];
  for (const address of [0, 1, 2]) all.push(await client.call('read_registers', address, 1));
  return all;
}

describe('libmodbus', () => {
  test('sees by the transaction id that a reply is that to its last request', async () => {
    const port = await serveTcp({ stale: true, times: 1 });
    expect(await threeReads(port)).toEqual(['ok 20', 'error Invalid data', 'ok 22']);
  });

  test('takes the reply to its last request for that to this one on a line, where nothing tells them apart', async () => {
    const path = await serveLine('rtu', { stale: true, times: 1 });
    expect(await threeReads(path)).toEqual(['ok 20', 'ok 20', 'ok 22']);
  });

  test('takes the second of two replies for that to its next request on a line', async () => {
    const path = await serveLine('rtu', { duplicate: true, times: 1 });
    expect((await threeReads(path)).slice(0, 2)).toEqual(['ok 20', 'ok 20']);
  });
});

describe('pymodbus on an ASCII line', () => {
  const cases: [Fault, RegExp | undefined][] = [
    [{ delay: '1ms' }, undefined],
    [{ split: '20ms' }, undefined],
    [{ badChecksum: true }, /No response received|No Response/i],
    [{ truncate: 3 }, /No response received|No Response|Incomplete/i],
    [{ silence: true }, /No response received|No Response/i],
  ];
  test.each(cases)('sees %o', async (fault, error) => {
    const client = await PymodbusClient.connectSerial('ascii', await serveLine('ascii', fault));
    onTestFinished(() => client.close());
    const arguments_ = { address: 0, count: 2 };
    const reply = await client.send({
      call: 'read_holding_registers',
      arguments: arguments_,
      fields: ['registers'],
      timeout: error === undefined ? 10 : 1,
    });
    if (error === undefined) expect(reply).toMatchObject({ registers: [20, 21] });
    else expect(reply.error).toMatch(error);
  });

  test('sees an exception', async () => {
    const client = await PymodbusClient.connectSerial('ascii', await serveLine('ascii', { exception: 6 }));
    onTestFinished(() => client.close());
    expect(await client.call('read_holding_registers', { address: 0, count: 2 })).toMatchObject({ exception: 6 });
  });
});
