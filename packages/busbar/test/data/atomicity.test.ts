import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { toHex, word } from '../helpers/hex.js';
import type { MbapClient } from '../helpers/mbap-client.js';
import { serve } from '../helpers/served.js';

const COUNT = 123;
const ROUNDS = 60;

function writeAll(value: number): Uint8Array {
  return Uint8Array.from(Buffer.from(`100000007BF6${word(value).repeat(COUNT)}`, 'hex'));
}

/** Function 17 over the same registers: writes 121, reads 123. */
function writeAndReadAll(value: number): Uint8Array {
  return Uint8Array.from(Buffer.from(`170000007B00000079F2${word(value).repeat(121)}`, 'hex'));
}

const READ_ALL = Uint8Array.of(3, 0, 0, 0, COUNT);

function valuesOf(reply: Uint8Array): Set<string> {
  return new Set(toHex(reply.subarray(2)).match(/.{4}/g));
}

function createSyncUnit(): Unit {
  return new Unit({ id: 1, holdingRegisters: [{ start: 0, count: COUNT }] });
}

/** Registers that a handler reads and writes bit by bit, with other work of the process between the bits. */
function createAsyncUnit(): Unit {
  const registers = new Uint16Array(COUNT);
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  return new Unit({
    id: 1,
    holdingRegisters: {
      ranges: [{ start: 0, count: COUNT }],
      async read({ address, quantity }) {
        const values: number[] = [];
        for (let index = 0; index < quantity; index++) {
          if (index % 40 === 1) await breathe();
          values.push(registers[address + index] ?? 0);
        }
        return values;
      },
      async write({ address }, values) {
        for (const [index, value] of values.entries()) {
          if (index % 40 === 1) await breathe();
          registers[address + index] = value;
        }
        await breathe();
      },
    },
  });
}

describe.each([
  ['a table in memory', createSyncUnit],
  ['asynchronous handlers', createAsyncUnit],
])('with %s', (_, createUnit) => {
  test('two clients write 123 registers each while others read 123: no reply is a mix', async () => {
    const { connect } = await serve({ units: [createUnit()] });
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect()));
    const [first, second, third, fourth] = clients as [MbapClient, MbapClient, MbapClient, MbapClient];
    const write = async (client: MbapClient, value: number) => {
      for (let round = 0; round < ROUNDS; round++)
        expect(toHex(await client.request(1, writeAll(value)))).toBe('100000007B');
    };
    const mixed: string[] = [];
    const read = async (client: MbapClient) => {
      for (let round = 0; round < ROUNDS; round++) {
        const values = valuesOf(await client.request(1, READ_ALL));
        if (values.size !== 1) mixed.push([...values].join(' '));
      }
    };
    await Promise.all([write(first, 0x1111), write(second, 0x2222), read(third), read(fourth)]);
    expect(mixed).toEqual([]);
  });

  test('function 17 reads what it wrote, whoever writes beside it', async () => {
    const { connect } = await serve({ units: [createUnit()] });
    const clients = await Promise.all(Array.from({ length: 3 }, () => connect()));
    const wrong: string[] = [];
    const play = async (client: MbapClient, value: number) => {
      for (let round = 0; round < ROUNDS; round++) {
        const reply = toHex(await client.request(1, writeAndReadAll(value)));
        if (!reply.startsWith(`17F6${word(value).repeat(121)}`)) wrong.push(reply.slice(0, 20));
      }
    };
    await Promise.all(clients.map((client, index) => play(client, 0x1111 * (index + 1))));
    expect(wrong).toEqual([]);
  });

  test('function 16 of several clients on one register loses no bit', async () => {
    const { connect } = await serve({ units: [createUnit()] });
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect()));
    const setBits = async (client: MbapClient, index: number) => {
      for (const bit of [0, 1, 2, 3].map((each) => 4 * index + each)) {
        const mask = 1 << bit;
        const request = `160000${word(~mask)}${word(mask)}`;
        expect(toHex(await client.request(1, Buffer.from(request, 'hex')))).toBe(request);
      }
    };
    await Promise.all(clients.map(setBits));
    expect(toHex(await (await connect()).request(1, Uint8Array.of(3, 0, 0, 0, 1)))).toBe('0302FFFF');
  });

  test('requests of one connection take effect in their order', async () => {
    const { connect } = await serve({ units: [createUnit()] });
    const client = await connect();
    for (let value = 1; value <= 10; value++) {
      client.send(1, writeAll(value));
      client.send(1, READ_ALL);
    }
    for (let value = 1; value <= 10; value++) {
      expect(toHex((await client.next())?.pdu ?? new Uint8Array())).toBe('100000007B');
      expect([...valuesOf((await client.next())?.pdu ?? new Uint8Array())]).toEqual([word(value)]);
    }
  });
});
