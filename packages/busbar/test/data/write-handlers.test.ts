import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createHandledUnit, never, refuse, serveUnit } from '../helpers/handled-unit.js';
import { toHex } from '../helpers/hex.js';
import { ask, readRegister, registerReply } from '../helpers/served.js';

const WRITE = 'fc:10 start:0007 quantity:0002 byteCount:04 values:0001_FFFF';
const WRITTEN = '1000070002';

describe('a write handler', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a promise', Promise.resolve()],
    ['something that does not matter', 'done'],
  ])('takes the values and may answer %s', async (_, answer) => {
    const calls: unknown[] = [];
    const unit = createHandledUnit(
      () => [0, 0],
      (context, values) => {
        calls.push([context.address, context.quantity, context.functionCode, [...values]]);
        return answer;
      },
    );
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, WRITE)).toBe(WRITTEN);
    expect(await ask(client, 1, 'fc:06 address:0001 value:1234')).toBe('0600011234');
    expect(calls).toEqual([
      [7, 2, 16, [1, 65535]],
      [1, 1, 6, [0x1234]],
    ]);
  });

  test.each<[string, () => unknown, string]>([
    ['refuses', () => refuse(6), '9006'],
    ['refuses later', async () => refuse(5), '9005'],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      '9004',
    ],
    ['rejects', () => Promise.reject(new Error('broken')), '9004'],
    ['never answers', () => never, '9004'],
  ])('that %s has its code sent', async (_, write, reply) => {
    const { client } = await serveUnit(
      createHandledUnit(() => [0, 0], write),
      { handlerTimeout: 20 },
    );
    expect(await ask(client, 1, WRITE)).toBe(reply);
    expect(toHex(await client.request(2, readRegister(5)))).toBe(registerReply(5));
  });

  test('that is absent makes the table read-only: 02, before any call', async () => {
    const { client, errors } = await serveUnit(
      createHandledUnit(() => {
        throw new Error('called');
      }),
    );
    expect(await ask(client, 1, WRITE)).toBe('9002');
    expect(await ask(client, 1, 'fc:06 address:0001 value:1234')).toBe('8602');
    expect(await ask(client, 1, 'fc:16 address:0001 and:0000 or:0000')).toBe('9602');
    expect(errors.all).toEqual([]);
  });

  test('that is absent refuses with the code that the access rules choose, behind the check of the address', async () => {
    const handlers = { ranges: [{ start: 0, count: 10 }], read: () => [0] };
    const unit = new Unit({ id: 1, holdingRegisters: handlers, access: { readOnlyException: 1 } });
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:06 address:0009 value:1234')).toBe('8601');
    expect(await ask(client, 1, 'fc:06 address:000A value:1234')).toBe('8602');
  });

  test('is not called for function 16 when the read handler let the deadline pass', async () => {
    let late: (values: number[]) => void = () => {};
    const written: unknown[] = [];
    const unit = createHandledUnit(
      () =>
        new Promise((resolve) => {
          late = resolve;
        }),
      (_, values) => written.push(values),
    );
    const { client } = await serveUnit(unit, { handlerTimeout: 20 });
    expect(await ask(client, 1, 'fc:16 address:0003 and:0000 or:0011')).toBe('9604');
    late([1]);
    for (let i = 0; i < 5; i++) await client.request(2, readRegister(i));
    expect(written).toEqual([]);
  });

  test('serves function 17 before the read handler, and 16 after it', async () => {
    const calls: string[] = [];
    const registers = [1, 2, 3, 4];
    const unit = new Unit({
      id: 1,
      holdingRegisters: {
        ranges: [{ start: 0, count: 4 }],
        read: async ({ address, quantity }) => {
          calls.push(`read ${address} ${quantity}`);
          return registers.slice(address, address + quantity);
        },
        write: async ({ address }, values) => {
          calls.push(`write ${address} ${values}`);
          registers.splice(address, values.length, ...values);
        },
      },
    });
    const { client } = await serveUnit(unit);
    const request =
      'fc:17 readStart:0000 readQuantity:0003 writeStart:0001 writeQuantity:0001 byteCount:02 values:0009';
    expect(await ask(client, 1, request)).toBe('1706000100090003');
    expect(await ask(client, 1, 'fc:16 address:0003 and:0004 or:0011')).toBe('16000300040011');
    expect(calls).toEqual(['write 1 9', 'read 0 3', 'read 3 1', 'write 3 21']);
  });
});
