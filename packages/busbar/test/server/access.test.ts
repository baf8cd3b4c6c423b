import { type AccessOptions, type TcpServerOptions, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { ask, serve } from '../helpers/served.js';

function createUnit(access: AccessOptions): Unit {
  return new Unit({
    id: 1,
    coils: [{ start: 0, count: 16 }],
    holdingRegisters: [{ start: 0, count: 20, value: 5 }],
    files: [{ number: 4, start: 0, count: 4 }],
    access,
  });
}

const RANGE: AccessOptions = {
  readOnly: [
    { table: 'holdingRegisters', start: 10, count: 5 },
    { table: 'coils', start: 8, count: 1 },
  ],
};
const LIMITS: AccessOptions = {
  limits: [
    { table: 'holdingRegisters', start: 0, count: 2, min: 2, max: 10 },
    { table: 'holdingRegisters', start: 2, count: 1, enum: [1, 5, 65535] },
    { table: 'holdingRegisters', start: 3, count: 1, min: -10, max: 10 },
    { table: 'holdingRegisters', start: 4, count: 1, max: 100 },
  ],
};

/** Rules, a request and its reply; a refused one must leave everything as it was. */
const CASES: [title: string, access: AccessOptions, request: string, reply: string][] = [
  ['an allowed function is served', { functions: [3] }, 'fc:03 start:0000 quantity:0001', '03020005'],
  ['another function is refused with 01', { functions: [3] }, 'fc:06 address:0000 value:0001', '8601'],
  ['01 comes before 03', { functions: [3] }, 'fc:06', '8601'],
  ['an empty list refuses all', { functions: [] }, 'fc:03 start:0000 quantity:0001', '8301'],
  ['diagnostics are functions as others', { functions: [3] }, 'fc:08 subFunction:0000 data:0000', '8801'],
  ['a register outside the read-only range is written', RANGE, 'fc:06 address:0009 value:0001', '0600090001'],
  ['the first register of the range is not', RANGE, 'fc:06 address:000A value:0001', '8602'],
  ['the last register of the range is not', RANGE, 'fc:06 address:000E value:0001', '8602'],
  ['the register behind it is', RANGE, 'fc:06 address:000F value:0001', '06000F0001'],
  [
    'a write that touches the range is refused whole',
    RANGE,
    'fc:10 start:0008 quantity:0003 byteCount:06 values:0001*3',
    '9002',
  ],
  ['a write around the range, too', RANGE, 'fc:10 start:0008 quantity:000A byteCount:14 values:0001*10', '9002'],
  ['function 16, too', RANGE, 'fc:16 address:000A and:0000 or:0001', '9602'],
  [
    'function 17, too',
    RANGE,
    'fc:17 readStart:0000 readQuantity:0001 writeStart:000A writeQuantity:0001 byteCount:02 values:0001',
    '9702',
  ],
  ['a read-only coil is not written', RANGE, 'fc:05 address:0008 value:FF00', '8502'],
  ['nor among others', RANGE, 'fc:0F start:0007 quantity:0003 byteCount:01 coils:07', '8F02'],
  ['a coil beside it is', RANGE, 'fc:05 address:0009 value:FF00', '050009FF00'],
  ['the range is read', RANGE, 'fc:03 start:000A quantity:0001', '03020005'],
  ['03 comes before the rule', RANGE, 'fc:05 address:0008 value:0001', '8503'],
  ['the option chooses 01', { ...RANGE, readOnlyException: 1 }, 'fc:06 address:000A value:0001', '8601'],
  ['the option chooses 03', { ...RANGE, readOnlyException: 3 }, 'fc:06 address:000A value:0001', '8603'],
  ['a read-only unit takes no register', { readOnly: true }, 'fc:06 address:0000 value:0001', '8602'],
  ['a read-only unit takes no coil', { readOnly: true }, 'fc:05 address:0000 value:FF00', '8502'],
  [
    'a read-only unit takes no record',
    { readOnly: true },
    'fc:15 dataLength:09 type:06 file:0004 record:0000 length:0001 values:0001',
    '9502',
  ],
  ['the smallest value is written', LIMITS, 'fc:06 address:0000 value:0002', '0600000002'],
  ['the largest value is written', LIMITS, 'fc:06 address:0000 value:000A', '060000000A'],
  ['a smaller one is refused with 03', LIMITS, 'fc:06 address:0000 value:0001', '8603'],
  ['a larger one is refused with 03', LIMITS, 'fc:06 address:0001 value:000B', '8603'],
  [
    'one wrong value refuses the whole write',
    LIMITS,
    'fc:10 start:0000 quantity:0002 byteCount:04 values:0003_000B',
    '9003',
  ],
  ['a listed value is written', LIMITS, 'fc:06 address:0002 value:FFFF', '060002FFFF'],
  ['another one is refused', LIMITS, 'fc:06 address:0002 value:0002', '8603'],
  ['a negative bound reads the register as signed: -10', LIMITS, 'fc:06 address:0003 value:FFF6', '060003FFF6'],
  ['and refuses -11', LIMITS, 'fc:06 address:0003 value:FFF5', '8603'],
  ['a lone maximum lets 0 pass', LIMITS, 'fc:06 address:0004 value:0000', '0600040000'],
  ['a lone maximum refuses 101', LIMITS, 'fc:06 address:0004 value:0065', '8603'],
  [
    'a mask is judged by its result: 5 with bit 0 cleared',
    LIMITS,
    'fc:16 address:0000 and:FFFE or:0000',
    '160000FFFE0000',
  ],
  ['a mask whose result is too large is refused', LIMITS, 'fc:16 address:0000 and:FF00 or:00FF', '9603'],
  ['an address outside comes first', LIMITS, 'fc:10 start:0013 quantity:0002 byteCount:04 values:0000_0000', '9002'],
];

describe('access rules', () => {
  test.each(CASES)('%s', async (_, access, request, reply) => {
    const unit = createUnit(access);
    const before = JSON.stringify([
      unit.holdingRegisters.getRange(0, 20),
      unit.coils.getRange(0, 16),
      unit.files.get(4)?.getRange(0, 4),
    ]);
    const written = record(unit, 'write');
    const { connect } = await serve({ units: [unit] });
    const answer = await ask(await connect(), 1, request);
    expect(answer).toBe(reply);
    if (Number.parseInt(answer.slice(0, 2), 16) < 0x80) return;
    expect(
      JSON.stringify([
        unit.holdingRegisters.getRange(0, 20),
        unit.coils.getRange(0, 16),
        unit.files.get(4)?.getRange(0, 4),
      ]),
    ).toBe(before);
    expect(written.all).toEqual([]);
  });

  test('do not bind the program', () => {
    const unit = createUnit({ readOnly: true, limits: [{ table: 'holdingRegisters', start: 0, count: 1, max: 1 }] });
    unit.holdingRegisters.set(0, 9);
    expect(unit.holdingRegisters.get(0)).toBe(9);
  });

  test('of a server allow no more than the unit does, and the other way round', async () => {
    const cases: [unit: number[], server: number[], allowed: number[]][] = [
      [[3, 4], [3, 6], [3]],
      [[6], [3, 4, 6], [6]],
    ];
    for (const [unit, functions, allowed] of cases) {
      const { connect } = await serve({
        units: [createUnit({ functions: unit })],
        functions,
      } satisfies TcpServerOptions);
      const client = await connect();
      for (const code of [3, 4, 6, 0x10]) {
        const reply = toHex(await client.request(1, Uint8Array.of(code)));
        expect(reply.slice(2), `function ${code}`).toBe(allowed.includes(code) ? '03' : '01');
      }
    }
  });
});
