import { type RangeContext, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createHandledUnit, hostile, never, refuse, serveUnit } from '../helpers/handled-unit.js';
import { toHex } from '../helpers/hex.js';
import { ask, readRegister, registerReply } from '../helpers/served.js';

const READ = 'fc:03 start:0007 quantity:0002';

describe('a read handler', () => {
  test('is called once per request, with what the request is about', async () => {
    const calls: RangeContext[] = [];
    const unit = createHandledUnit((context) => {
      calls.push(context);
      return [20, 21];
    });
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, READ)).toBe('030400140015');
    expect(await ask(client, 255, READ)).toBe('030400140015');
    const context = { unit, functionCode: 3, table: 'holdingRegisters', address: 7, quantity: 2 };
    const peer = expect.objectContaining({ transport: 'tcp', address: '127.0.0.1', port: client.socket.localPort });
    expect(calls).toEqual([
      { ...context, unitId: 1, peer },
      { ...context, unitId: 255, peer },
    ]);
  });

  test.each<[string, () => unknown]>([
    ['an array', () => [1, 65535]],
    ['a Uint16Array', () => Uint16Array.of(1, 65535)],
    ['a promise of an array', async () => [1, 65535]],
    ['a promise of a Uint16Array', async () => Uint16Array.of(1, 65535)],
    // biome-ignore lint/suspicious/noThenProperty: a promise of some other library is what this is about
    ['a thenable', () => ({ then: (resolve: (values: number[]) => void) => resolve([1, 65535]) })],
  ])('may answer %s', async (_, read) => {
    const { client, errors } = await serveUnit(createHandledUnit(read));
    expect(await ask(client, 1, READ)).toBe('03040001FFFF');
    expect(errors.all).toEqual([]);
  });

  test.each([1, 2, 4, 5, 6, 7, 8, 10, 11, 77, 255])(
    'refuses with exception code %i by throwing or rejecting',
    async (code) => {
      for (const read of [() => refuse(code), async () => refuse(code)]) {
        const { client, errors } = await serveUnit(createHandledUnit(read));
        expect(await ask(client, 1, READ)).toBe(toHex(Uint8Array.of(0x83, code)));
        expect(errors.all).toEqual([]);
      }
    },
  );

  test.each<[string, () => unknown]>([
    [
      'throws an error',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'throws a string',
      () => {
        throw 'broken';
      },
    ],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
    ],
    [
      'throws null',
      () => {
        throw null;
      },
    ],
    [
      'throws a symbol',
      () => {
        throw Symbol('broken');
      },
    ],
    [
      'throws an object without a prototype',
      () => {
        throw Object.create(null);
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken');
      },
    ],
    ['rejects with undefined', () => Promise.reject(undefined)],
    ['rejects with a symbol', () => Promise.reject(Symbol('broken'))],
    ['answers nothing', () => undefined],
    ['answers null', () => null],
    ['answers a number', () => 5],
    ['answers a string of the right length', () => 'ab'],
    ['answers a function of the right length', () => (_a: unknown, _b: unknown) => {}],
    ['answers too few values', () => [1]],
    ['answers too many values', () => [1, 2, 3]],
    ['answers an empty array', () => []],
    ['answers holes', () => new Array(2)],
    ['answers values above 65535', () => [1, 65536]],
    ['answers negative values', () => [1, -1]],
    ['answers fractions', () => [1, 1.5]],
    ['answers NaN', () => [1, Number.NaN]],
    ['answers strings', () => ['1', '2']],
    ['answers booleans', () => [true, false]],
    ['answers bigints', () => [1n, 2n]],
    ['answers symbols', () => [Symbol('a'), Symbol('b')]],
    ['answers an array-like with a wild length', () => ({ length: 1e9 })],
    ['answers an object that throws when looked at', () => hostile],
    ['resolves to nothing', async () => undefined],
    ['resolves to too few values', async () => [1]],
    ['resolves to values above 65535', async () => [1, 65536]],
    ['resolves to symbols', async () => [Symbol('a'), 2]],
  ])('that %s gives exception 04 and an error event, and all goes on', async (_, read) => {
    const { client, errors } = await serveUnit(createHandledUnit(read));
    expect(await ask(client, 1, READ)).toBe('8304');
    const [error] = await errors.reached(1);
    expect(error).toMatchObject({ name: 'HandlerError', unit: 1, functionCode: 3, address: 7, quantity: 2 });
    expect(errors.all).toHaveLength(1);
    expect(toHex(await client.request(2, readRegister(5)))).toBe(registerReply(5));
    expect(await ask(client, 1, READ)).toBe('8304');
  });

  test('that fails tells the cause', async () => {
    const cause = new Error('broken');
    const { client, errors } = await serveUnit(
      createHandledUnit(() => {
        throw cause;
      }),
    );
    await ask(client, 1, READ);
    expect((await errors.reached(1))[0]).toMatchObject({ code: 'HANDLER_FAILED', cause });
  });

  test.each<[4 | 6 | undefined, string]>([
    [undefined, '8304'],
    [4, '8304'],
    [6, '8306'],
  ])(
    'that never answers gives exception %s at the deadline, and an error event',
    async (handlerTimeoutException, reply) => {
      const options = { handlerTimeout: 20, ...(handlerTimeoutException && { handlerTimeoutException }) };
      const { client, errors } = await serveUnit(
        createHandledUnit(() => never),
        options,
      );
      client.send(1, Uint8Array.of(3, 0, 7, 0, 2));
      client.send(2, readRegister(5));
      expect([
        toHex((await client.next())?.pdu ?? new Uint8Array()),
        toHex((await client.next())?.pdu ?? new Uint8Array()),
      ]).toEqual([reply, registerReply(5)]);
      expect((await errors.reached(1))[0]).toMatchObject({
        code: 'HANDLER_TIMEOUT',
        unit: 1,
        functionCode: 3,
        address: 7,
        quantity: 2,
      });
    },
  );

  test('that answers after the deadline adds no second reply', async () => {
    let late: (values: number[]) => void = () => {};
    const { client, errors } = await serveUnit(
      createHandledUnit(
        () =>
          new Promise((resolve) => {
            late = resolve;
          }),
      ),
      { handlerTimeout: 20 },
    );
    expect(await ask(client, 1, READ)).toBe('8304');
    late([1, 2]);
    for (let i = 0; i < 5; i++) expect(toHex(await client.request(2, readRegister(i)))).toBe(registerReply(i));
    expect(errors.all).toHaveLength(1);
  });

  test('of bits answers booleans', async () => {
    const unit = new Unit({
      id: 1,
      coils: { read: ({ quantity }) => Array.from({ length: quantity }, (_, index) => index % 3 === 0) },
    });
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:01 start:0000 quantity:000A')).toBe('01024902');
  });

  test('is not called for a request that is refused before', async () => {
    const unit = new Unit({
      id: 1,
      holdingRegisters: {
        ranges: [{ start: 0, count: 10 }],
        read: () => {
          throw new Error('called');
        },
      },
    });
    const { client, errors } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:03 start:0009 quantity:0002')).toBe('8302');
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0000')).toBe('8303');
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:007E')).toBe('8303');
    expect(errors.all).toEqual([]);
  });
});
