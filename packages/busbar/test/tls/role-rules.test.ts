import type { RoleRule } from 'busbar';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { READ, serveRoles, WRITE } from './role-server.js';
import { operator } from './secured.js';

interface Case {
  request: string;
  unit?: number | undefined;
  allowed: boolean;
}

const allowed = (request: string, unit?: number): Case => ({ request, unit, allowed: true });
const refused = (request: string, unit?: number): Case => ({ request, unit, allowed: false });

const RULES: [title: string, rules: RoleRule[], cases: Case[]][] = [
  ['a rule with nothing but the role allows all', [{ role: 'operator' }], [allowed(READ), allowed(WRITE, 2)]],
  ['no rule at all allows nothing', [], [refused(READ), refused(WRITE)]],
  ['rules of other roles allow nothing', [{ role: 'Operator' }, { role: null }, { role: 'engineer' }], [refused(READ)]],
  [
    'functions that are not named are denied',
    [{ role: 'operator', functions: [3, 16] }],
    [
      allowed(READ),
      refused(WRITE),
      allowed('fc:10 start:0000 quantity:0001 byteCount:02 value:0001'),
      refused('fc:11'),
      refused('fc:2B mei:0E id:01 object:00'),
      refused('fc:14 byteCount:07 type:06 file:0004 record:0000 length:0001'),
    ],
  ],
  [
    'sub-functions may be named, and the others of their function are denied',
    [{ role: 'operator', functions: ['08/00', '08/0D', '2B/0E', 3] }],
    [
      allowed(READ),
      allowed('fc:08 sub:0000 data:0001'),
      allowed('fc:08 sub:000D data:0000'),
      refused('fc:08 sub:000C data:0000'),
      refused('fc:08 sub:00'),
      refused('fc:2B mei:0D'),
    ],
  ],
  [
    'units that are not named are denied, 0 and 255 being the default unit',
    [{ role: 'operator', units: [2] }],
    [allowed(READ, 2), refused(READ, 1), refused(READ, 0), refused(READ, 255)],
  ],
  [
    'ranges hold for their table, to the address',
    [{ role: 'operator', ranges: [{ table: 'holdingRegisters', start: 10, count: 10 }] }],
    [
      allowed('fc:03 start:000A quantity:000A'),
      refused('fc:03 start:0009 quantity:0001'),
      refused('fc:03 start:0009 quantity:0002'),
      refused('fc:03 start:0013 quantity:0002'),
      refused('fc:03 start:0014 quantity:0001'),
      refused('fc:04 start:000A quantity:0001'),
      refused('fc:01 start:000A quantity:0001'),
      allowed('fc:06 address:0013 value:0001'),
      refused('fc:06 address:0014 value:0001'),
      refused('fc:05 address:000A value:FF00'),
      allowed('fc:16 address:000A and:FFFF or:0001'),
      refused('fc:16 address:0009 and:FFFF or:0001'),
      allowed('fc:10 start:0012 quantity:0002 byteCount:04 values:00000001'),
      refused('fc:10 start:0013 quantity:0002 byteCount:04 values:00000001'),
      allowed('fc:17 read:000A quantity:0001 write:0013 quantity:0001 byteCount:02 value:0001'),
      refused('fc:17 read:0009 quantity:0001 write:0013 quantity:0001 byteCount:02 value:0001'),
      refused('fc:17 read:000A quantity:0001 write:0014 quantity:0001 byteCount:02 value:0001'),
    ],
  ],
  [
    'ranges of bits likewise',
    [
      {
        role: 'operator',
        ranges: [
          { table: 'coils', start: 0, count: 8 },
          { table: 'discreteInputs', start: 8, count: 8 },
        ],
      },
    ],
    [
      allowed('fc:01 start:0000 quantity:0008'),
      refused('fc:01 start:0000 quantity:0009'),
      allowed('fc:02 start:0008 quantity:0008'),
      refused('fc:02 start:0007 quantity:0001'),
      allowed('fc:05 address:0007 value:FF00'),
      refused('fc:05 address:0008 value:FF00'),
      allowed('fc:0F start:0000 quantity:0008 byteCount:01 values:FF'),
      refused('fc:0F start:0001 quantity:0008 byteCount:01 values:FF'),
    ],
  ],
  [
    'a request may lie across ranges that touch or overlap',
    [
      {
        role: 'operator',
        ranges: [
          { table: 'holdingRegisters', start: 20, count: 10 },
          { table: 'holdingRegisters', start: 0, count: 15 },
          { table: 'holdingRegisters', start: 10, count: 10 },
          { table: 'holdingRegisters', start: 31, count: 1 },
        ],
      },
    ],
    [
      allowed('fc:03 start:0000 quantity:001E'),
      refused('fc:03 start:0000 quantity:001F'),
      refused('fc:03 start:001D quantity:0003'),
    ],
  ],
  [
    'functions that are not about tables are denied by a rule with ranges',
    [{ role: 'operator', ranges: [{ table: 'holdingRegisters', start: 0, count: 65536 }] }],
    [
      allowed(READ),
      refused('fc:14 byteCount:07 type:06 file:0004 record:0000 length:0001'),
      refused('fc:18 pointer:0000'),
      refused('fc:11'),
      refused('fc:08 sub:0000 data:0001'),
    ],
  ],
  [
    'one rule has to allow the whole of a request',
    [
      { role: 'operator', functions: [3], units: [1] },
      { role: 'operator', functions: [6], units: [2] },
    ],
    [allowed(READ, 1), refused(READ, 2), refused(WRITE, 1), allowed(WRITE, 2)],
  ],
];

describe('role rules', () => {
  test.each(RULES)('%s', async (_, roles, cases) => {
    const { connect, denied } = await serveRoles({ roles });
    const client = await connect(operator);
    for (const { request, unit = 1, allowed: expected } of cases) {
      const pdu = hex(request);
      const before = denied.all.length;
      const answer = toHex(await client.request(unit, pdu));
      const refusal = toHex(Uint8Array.of((pdu[0] ?? 0) | 0x80, 1));
      expect([request, answer === refusal]).toEqual([request, !expected]);
      expect([request, denied.all.length - before]).toEqual([request, expected ? 0 : 1]);
    }
  });
});
