import { type CustomFunction, ModbusException, type RequestContext } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record, turns } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import type { MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

async function serveFunctions(customFunctions: CustomFunction[], options: object = {}) {
  const served = await serve({ units: [createCountingUnit()], customFunctions, ...options });
  return { ...served, errors: record(served.server, 'error'), client: await served.connect() };
}

const reverse: CustomFunction = { code: 0x41, execute: (request) => request.slice().reverse() };

/** Functions, a request and its reply. */
const CASES: [title: string, functions: CustomFunction[], request: string, reply: string][] = [
  ['gets the bytes behind its code and answers bytes', [reverse], 'fc:41 data:010203', '41030201'],
  ['may get and answer nothing', [reverse], 'fc:41', '41'],
  ['may answer a plain array', [{ code: 0x41, execute: () => [1, 255] }], 'fc:41', '4101FF'],
  ['may answer later', [{ code: 0x41, execute: async () => [7] }], 'fc:41', '4107'],
  [
    'refuses with any code',
    [
      {
        code: 0x41,
        execute: () => {
          throw new ModbusException(0x55);
        },
      },
    ],
    'fc:41',
    'C155',
  ],
  [
    'refuses later with any code',
    [
      {
        code: 0x41,
        execute: async () => {
          throw new ModbusException(5);
        },
      },
    ],
    'fc:41',
    'C105',
  ],
  ['with a length gets requests of it', [{ ...reverse, requestLength: 3 }], 'fc:41 data:0102', '410201'],
  ['with a length refuses shorter ones with 03', [{ ...reverse, requestLength: 3 }], 'fc:41 data:01', 'C103'],
  ['with a length refuses longer ones with 03', [{ ...reverse, requestLength: 3 }], 'fc:41 data:010203', 'C103'],
  [
    'with a counted length gets requests of it',
    [{ ...reverse, requestLength: { base: 2, countAt: 1 } }],
    'fc:41 count:02 data:AABB',
    '41BBAA02',
  ],
  [
    'with a counted length refuses others',
    [{ ...reverse, requestLength: { base: 2, countAt: 1 } }],
    'fc:41 count:02 data:AA',
    'C103',
  ],
  [
    'with a counted length refuses those without a count',
    [{ ...reverse, requestLength: { base: 2, countAt: 1 } }],
    'fc:41',
    'C103',
  ],
  [
    'for a MEI type gets the bytes behind it',
    [{ code: 0x2b, subFunction: 0x0d, execute: (data) => data }],
    'fc:2B mei:0D data:0102',
    '2B0D0102',
  ],
  [
    'for a MEI type leaves 0E as it is',
    [{ code: 0x2b, subFunction: 0x0d, execute: (data) => data }],
    'fc:2B mei:0E code:09 object:00',
    'AB01',
  ],
  [
    'for a MEI type leaves others refused',
    [{ code: 0x2b, subFunction: 0x0d, execute: (data) => data }],
    'fc:2B mei:0C',
    'AB01',
  ],
  [
    'for a diagnostic sub-function gets the bytes behind it',
    [{ code: 8, subFunction: 0x15, execute: (data) => data }],
    'fc:08 subFunction:0015 data:0102',
    '0800150102',
  ],
  [
    'for a diagnostic sub-function leaves others as they are',
    [{ code: 8, subFunction: 0x15, execute: (data) => data }],
    'fc:08 subFunction:0000 data:0102',
    '0800000102',
  ],
  [
    'for one sub-function leaves the code without it refused',
    [{ code: 0x41, subFunction: 1, execute: () => [] }],
    'fc:41 sub:02',
    'C101',
  ],
  [
    'may replace a public function',
    [{ code: 3, execute: () => [2, 0, 1] }],
    'fc:03 start:0000 quantity:0001',
    '03020001',
  ],
  [
    'answers up to 253 bytes',
    [{ code: 0x41, execute: () => new Uint8Array(252).fill(9) }],
    'fc:41',
    `41${'09'.repeat(252)}`,
  ],
];

/** What a custom function may come up with instead of bytes. */
const NONSENSE: [title: string, execute: () => unknown][] = [
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
  ['answers nothing', () => undefined],
  ['answers text', () => 'ab'],
  ['answers values that are no bytes', () => [256]],
  ['answers fractions', () => [0.5]],
  ['answers more than 252 bytes', () => new Uint8Array(253)],
  ['answers a Uint16Array', () => Uint16Array.of(1, 2)],
  ['resolves to nothing', async () => undefined],
];

describe('a custom function', () => {
  test.each(CASES)('%s', async (_, functions, request, reply) => {
    const { client, errors } = await serveFunctions(functions);
    expect(await ask(client, 1, request)).toBe(reply);
    expect(errors.all).toEqual([]);
  });

  test.each(NONSENSE)('that %s gives exception 04 and an error event', async (_, execute) => {
    const { client, errors } = await serveFunctions([{ code: 0x41, execute: execute as CustomFunction['execute'] }]);
    expect(await ask(client, 1, 'fc:41')).toBe('C104');
    expect((await errors.reached(1))[0]).toMatchObject({ name: 'HandlerError', unit: 1, functionCode: 0x41 });
    expect(toHex(await client.request(1, readRegister(5)))).toBe(registerReply(5));
  });

  test('that never answers gives exception 04 at the deadline', async () => {
    const { client } = await serveFunctions([{ code: 0x41, execute: () => new Promise(() => {}) }], {
      handlerTimeout: 20,
    });
    expect(await ask(client, 1, 'fc:41')).toBe('C104');
  });

  test('is told unit, unit id, function and client', async () => {
    const seen: RequestContext[] = [];
    const execute: CustomFunction['execute'] = (_, context) => {
      seen.push(context);
      return [];
    };
    const unit = createCountingUnit();
    const { connect } = await serve({ units: [unit], customFunctions: [{ code: 0x41, execute }] });
    const client = await connect();
    await ask(client, 255, 'fc:41');
    expect(seen).toMatchObject([
      { unitId: 255, functionCode: 0x41, peer: { transport: 'tcp', port: client.socket.localPort } },
    ]);
    expect(seen[0]?.unit).toBe(unit);
  });

  test('may keep the bytes that it got', async () => {
    const kept: Uint8Array[] = [];
    const execute: CustomFunction['execute'] = (request) => {
      kept.push(request);
      return [];
    };
    const { client } = await serveFunctions([{ code: 0x41, execute }]);
    for (const data of ['0102', '0304', '0506']) await ask(client, 1, `fc:41 data:${data}`);
    expect(kept.map(toHex)).toEqual(['0102', '0304', '0506']);
  });

  test('may work on its unit, whose other requests wait meanwhile', async () => {
    const execute: CustomFunction['execute'] = async (_, { unit }) => {
      const before = unit.holdingRegisters.get(0);
      await turns();
      unit.holdingRegisters.set(0, before + 1);
      return [];
    };
    const { client, connect } = await serveFunctions([{ code: 0x41, execute }]);
    const others = await Promise.all([connect(), connect(), connect()]);
    const count = async (each: MbapClient) => {
      for (let i = 0; i < 20; i++) expect(await ask(each, 1, 'fc:41')).toBe('41');
    };
    await Promise.all([client, ...others].map(count));
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe(registerReply(80));
  });

  test('answers more than 253 bytes where larger ADUs are allowed', async () => {
    const big: CustomFunction = {
      code: 0x41,
      execute: (request) => Uint8Array.of(...request, ...new Uint8Array(1000).fill(7)),
    };
    const { client } = await serveFunctions([big], { maxPduLength: 2000 });
    expect(await ask(client, 1, `fc:41 data:${'05'.repeat(600)}`)).toBe(`41${'05'.repeat(600)}${'07'.repeat(1000)}`);
    expect(await ask(client, 1, `fc:03 start:0000 quantity:007E`)).toBe('8303');
    expect(await ask(client, 1, `fc:41 data:${'05'.repeat(1100)}`)).toBe('C104');
  });
});
