import { Unit } from 'busbar';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import type { Connector, Peer, RunningServer } from './connector.js';
import { createProbe } from './device.js';

const REGISTERS = [0x0001, 0x8000, 0x1234];
/** The last registers with coils, and the first without. */
const LAST = [0xff00, 0x00ff];
const LAST_START = 4095;

/** A unit whose four tables are one memory. */
function createSharedUnit(): Unit {
  return new Unit({
    id: 1,
    shared: true,
    holdingRegisters: [
      { start: 0, values: REGISTERS },
      { start: LAST_START, values: LAST },
    ],
    exceptionStatus: { coils: 28 },
    access: {
      readOnly: [
        { table: 'coils', start: 40, count: 2 },
        { table: 'holdingRegisters', start: 4096, count: 1 },
      ],
      limits: [{ table: 'holdingRegisters', start: 1, count: 1, min: -32768, max: -1 }],
    },
  });
}

/** What a request gets, and the registers 0 to 2 afterwards if it changes them. */
type Exchange = [title: string, request: string, reply: string, after?: number[]];

const EXCHANGES: Exchange[] = [
  ['01 reads bits, bit 0 of register 0 first', 'fc:01 start:0000 quantity:0011', 'fc:01 byteCount:03 bits:01_00_00'],
  ['01 reads across registers', 'fc:01 start:000C quantity:0018', 'fc:01 byteCount:03 bits:00_00_48'],
  ['02 reads the same bits', 'fc:02 start:001F quantity:0005', 'fc:02 byteCount:01 bits:09'],
  ['02 reads the last bit there can be', 'fc:02 start:FFFF quantity:0001', 'fc:02 byteCount:01 bits:01'],
  ['01 refuses bits of registers that do not exist', 'fc:01 start:002F quantity:0002', 'fc:81 exception:02'],
  ['01 refuses what ends behind the last bit', 'fc:01 start:FFFF quantity:0002', 'fc:81 exception:02'],
  ['03 reads registers', 'fc:03 start:0000 quantity:0003', 'fc:03 byteCount:06 registers:0001_8000_1234'],
  ['04 reads the same registers', 'fc:04 start:0000 quantity:0003', 'fc:04 byteCount:06 registers:0001_8000_1234'],
  ['04 reads registers without bits', 'fc:04 start:0FFF quantity:0002', 'fc:04 byteCount:04 registers:FF00_00FF'],
  ['05 sets a bit', 'fc:05 address:0002 value:FF00', 'fc:05 address:0002 value:FF00', [0x0005, 0x8000, 0x1234]],
  ['05 clears a bit', 'fc:05 address:0000 value:0000', 'fc:05 address:0000 value:0000', [0x0000, 0x8000, 0x1234]],
  ['05 sets a high bit', 'fc:05 address:000F value:FF00', 'fc:05 address:000F value:FF00', [0x8001, 0x8000, 0x1234]],
  ['05 refuses a bit that does not exist', 'fc:05 address:0030 value:FF00', 'fc:85 exception:02'],
  ['06 writes a register', 'fc:06 address:0000 value:ABCD', 'fc:06 address:0000 value:ABCD', [0xabcd, 0x8000, 0x1234]],
  ['07 mirrors bits', 'fc:07', 'fc:07 status:48'],
  [
    '0F writes bits across registers, and leaves those beside them',
    'fc:0F start:000E quantity:0004 byteCount:01 bits:0B',
    'fc:0F start:000E quantity:0004',
    [0xc001, 0x8002, 0x1234],
  ],
  [
    '10 writes registers',
    'fc:10 start:0000 quantity:0002 byteCount:04 registers:0102_FFFE',
    'fc:10 start:0000 quantity:0002',
    [0x0102, 0xfffe, 0x1234],
  ],
  [
    '16 changes bits of a register',
    'fc:16 address:0000 and:00FF or:1200',
    'fc:16 address:0000 and:00FF or:1200',
    [0x1201, 0x8000, 0x1234],
  ],
  [
    '17 writes, then reads',
    'fc:17 readStart:0000 readQuantity:0002 writeStart:0000 writeQuantity:0001 byteCount:02 registers:5555',
    'fc:17 byteCount:04 registers:5555_8000',
    [0x5555, 0x8000, 0x1234],
  ],
  ['05 refuses a read-only coil', 'fc:05 address:0028 value:FF00', 'fc:85 exception:02'],
  [
    '05 writes another coil of its register',
    'fc:05 address:002A value:FF00',
    'fc:05 address:002A value:FF00',
    [0x0001, 0x8000, 0x1634],
  ],
  ['06 refuses a register with a read-only coil', 'fc:06 address:0002 value:1234', 'fc:86 exception:02'],
  ['10 refuses it', 'fc:10 start:0001 quantity:0002 byteCount:04 registers:8001_1234', 'fc:90 exception:02'],
  ['16 refuses it', 'fc:16 address:0002 and:FFFF or:0000', 'fc:96 exception:02'],
  ['06 refuses a read-only register behind all coils', 'fc:06 address:1000 value:0000', 'fc:86 exception:02'],
  ['06 keeps the limits of a register', 'fc:06 address:0001 value:7FFF', 'fc:86 exception:03'],
  ['05 keeps them too', 'fc:05 address:001F value:0000', 'fc:85 exception:03'],
  ['0F keeps them too', 'fc:0F start:0000 quantity:0020 byteCount:04 bits:01_00_FF_7F', 'fc:8F exception:03'],
  [
    '05 writes what they allow',
    'fc:05 address:0010 value:FF00',
    'fc:05 address:0010 value:FF00',
    [0x0001, 0x8001, 0x1234],
  ],
];

/** All functions on a unit whose tables are one memory. */
export function describeSharedMemory(name: string, connector: Connector): void {
  describe(`shared memory over ${name}`, () => {
    const unit = createSharedUnit();
    let server: RunningServer;
    let peer: Peer;
    beforeAll(async () => {
      server = await connector.start({ units: [unit, createProbe()] });
      peer = await server.open();
    });
    afterAll(async () => {
      await peer.close();
      await server.close();
    });
    beforeEach(() => {
      unit.holdingRegisters.set(0, REGISTERS);
      unit.holdingRegisters.set(LAST_START, LAST);
    });

    test.each(EXCHANGES)('%s', async (_, request, reply, after = REGISTERS) => {
      expect(toHex(await peer.request(1, hex(request)))).toBe(toHex(hex(reply)));
      expect(unit.holdingRegisters.getRange(0, 3)).toEqual(after);
      expect(unit.inputRegisters.getRange(0, 3)).toEqual(after);
      const bits = after.flatMap((register) => Array.from({ length: 16 }, (_, bit) => ((register >> bit) & 1) === 1));
      expect(unit.coils.getRange(0, 48)).toEqual(bits);
      expect(unit.discreteInputs.getRange(0, 48)).toEqual(bits);
      expect(unit.holdingRegisters.getRange(LAST_START, 2)).toEqual(LAST);
    });

    test('a client sees at once what the program sets in any table', async () => {
      unit.coils.set(1, true);
      unit.discreteInputs.set(16, [true, true]);
      unit.inputRegisters.setInt16(2, -2);
      const reply = await peer.request(1, hex('fc:03 start:0000 quantity:0003'));
      expect(toHex(reply)).toBe(toHex(hex('fc:03 byteCount:06 registers:0003_8003_FFFE')));
    });
  });
}
