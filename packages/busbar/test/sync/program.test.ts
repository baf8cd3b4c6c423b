import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';
import { startProgram, tell } from './program.js';

const PROGRAM = './programs/serve.mjs';
const REGISTERS = 123;
const ROUNDS = 2000;

const READ_ALL = Uint8Array.of(0x03, 0, 0, 0, REGISTERS);

function writeAll(value: number): Uint8Array {
  return Uint8Array.of(0x10, 0, 0, 0, REGISTERS, 2 * REGISTERS, ...new Array<number>(2 * REGISTERS).fill(value));
}

describe('a program that computes', () => {
  test('has its clients answered: 1000 requests while it is busy for 3 s', async () => {
    const { client, ended } = await startProgram(PROGRAM, ['busy']);
    for (let i = 0; i < 1000; i++) {
      const value = (i & 0xffff).toString(16).padStart(4, '0').toUpperCase();
      expect(await ask(client, 1, `fc:06 address:0001 value:${value}`)).toBe(`060001${value}`);
    }
    await tell(client);
    expect(await ended).toEqual({ code: 0, lines: ['true'] });
  });

  test('has its clients read all registers of one write, or of the next', async () => {
    const { client, ended } = await startProgram(PROGRAM, ['toggle']);
    const found = new Set<string>();
    for (let i = 0; i < ROUNDS; i++) {
      const reply = await client.request(1, READ_ALL);
      found.add([...new Set(reply.subarray(2))].join());
    }
    for (const each of found) expect(['0', '255']).toContain(each);
    await tell(client);
    expect(await ended).toEqual({ code: 0, lines: ['true'] });
  });

  test('reads all registers of one write of a client, or of the next', async () => {
    const { client, ended } = await startProgram(PROGRAM, ['watch']);
    for (let i = 0; i < ROUNDS; i++) await client.request(1, writeAll(i & 0xff));
    await tell(client);
    expect(await ended).toEqual({ code: 0, lines: ['0'] });
  });

  test('changes one bit while a client changes others, and neither loses a change', async () => {
    const { client, ended } = await startProgram(PROGRAM, ['bits']);
    for (let i = 0; i < ROUNDS; i++) {
      await ask(client, 1, `fc:16 address:0000 and:FF00 or:00${i % 2 === 0 ? 'AA' : '55'}`);
      const reply = await ask(client, 1, 'fc:03 start:0000 quantity:0001');
      expect(reply.slice(6)).toBe(i % 2 === 0 ? 'AA' : '55');
    }
    await tell(client);
    expect(await ended).toEqual({ code: 0, lines: ['0'] });
  });
});

describe('a program that waits for a write', () => {
  test('is woken by it', async () => {
    const { client, ended } = await startProgram(PROGRAM, ['wait']);
    await ask(client, 1, 'fc:06 address:0007 value:0009');
    const lines = [JSON.stringify({ table: 'holdingRegisters', address: 7, values: [9] })];
    expect(await ended).toEqual({ code: 0, lines });
  });

  test.each([
    ['process.exit()', 'exit', 5],
    ['what nobody catches', 'throw', 1],
  ])('is ended by %s as any other', async (_, task, code) => {
    const { client, ended } = await startProgram(PROGRAM, [task]);
    await client.writeFlushed(frame(1, 1, hex('fc:06 address:0007 value:0009')));
    expect(await ended).toEqual({ code, lines: [] });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('is ended by %s', async (signal) => {
    const { child, ended } = await startProgram(PROGRAM, ['wait']);
    child.kill(signal);
    expect(await ended).toEqual({ code: null, lines: [] });
  });
});

describe('a program with nothing more to do', () => {
  test('is kept alive by its server', async () => {
    const { child, client, ended } = await startProgram(PROGRAM, ['idle']);
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe('03020000');
    expect(child.exitCode).toBeNull();
    child.kill();
    await ended;
  });
});

test('a program can come from the standard input', () => {
  const input = readFileSync(fileURLToPath(new URL('./programs/brief.mjs', import.meta.url)));
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const args = ['--max-old-space-size=200', '--input-type=module', '-'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    input,
    cwd,
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'true\nfalse\n', stderr: '' });
});
