import { sequence } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

function registers(start: number, first: number, count: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [start + index, (first + index) & 0xffff]));
}

const NOTHING_WRITTEN = 'fc:97 exception:02';
const WRONG = 'fc:97 exception:03';

/** Function code 17. */
export const readWriteMultipleRegisters: VectorTable = {
  code: '17',
  name: 'read/write multiple registers',
  wellFormed: [
    'fc:17 readStart:0003 readQuantity:0006 writeStart:000E writeQuantity:0003 byteCount:06 values:00FF_00FF_00FF',
    'fc:17 readStart:0003 readQuantity:007D writeStart:000E writeQuantity:0079 byteCount:F2 values:0000*121',
  ],
  vectors: [
    {
      title: "reads and writes the document's example",
      request:
        'fc:17 readStart:0003 readQuantity:0006 writeStart:000E writeQuantity:0003 byteCount:06 values:00FF_00FF_00FF',
      reply: 'fc:17 byteCount:0C values:1003_0012_1005_1006_1007_1008',
      changes: { holdingRegisters: { 14: 0xff, 15: 0xff, 16: 0xff } },
    },
    {
      title: 'writes before it reads: an overlapping read sees the new values',
      request:
        'fc:17 readStart:000A readQuantity:0004 writeStart:000B writeQuantity:0002 byteCount:04 values:AAAA_BBBB',
      reply: 'fc:17 byteCount:08 values:100A_AAAA_BBBB_100D',
      changes: { holdingRegisters: { 11: 0xaaaa, 12: 0xbbbb } },
    },
    {
      title: 'reads the very register that it writes',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0001 byteCount:02 values:5A5A',
      reply: 'fc:17 byteCount:02 values:5A5A',
      changes: { holdingRegisters: { 0: 0x5a5a } },
    },
    {
      title: 'reads 125 and writes 121 at most, both up to 65536',
      request: `fc:17 readStart:FF83 readQuantity:007D writeStart:FF87 writeQuantity:0079 byteCount:F2 values:${sequence(1, 121)}`,
      reply: `fc:17 byteCount:FA values:FF83_FF84_FF85_FF86 values:${sequence(1, 121)}`,
      changes: { holdingRegisters: registers(0xff87, 1, 121) },
    },
    {
      title: 'refuses to read 126 and writes nothing',
      request: 'fc:17 readStart:0000 readQuantity:007E writeStart:0000 writeQuantity:0001 byteCount:02 values:0000',
      reply: WRONG,
    },
    {
      title: 'refuses to read 0 and writes nothing',
      request: 'fc:17 readStart:0000 readQuantity:0000 writeStart:0000 writeQuantity:0001 byteCount:02 values:0000',
      reply: WRONG,
    },
    {
      title: 'refuses to write 122',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:007A byteCount:F4 values:00*243',
      reply: WRONG,
    },
    {
      title: 'refuses to write 123, which fit no frame',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:007B byteCount:F6 values:0000*123',
      reply: WRONG,
    },
    {
      title: 'refuses to write 122 behind the largest legal byte count',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:007A byteCount:F2 values:00*242',
      reply: WRONG,
    },
    {
      title: 'refuses to write 0',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0000 byteCount:00',
      reply: WRONG,
    },
    {
      title: 'refuses a byte count smaller than twice the write quantity',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0002 byteCount:02 values:0000',
      reply: WRONG,
    },
    {
      title: 'refuses a byte count larger than twice the write quantity',
      request:
        'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0001 byteCount:04 values:0000_0000',
      reply: WRONG,
    },
    {
      title: 'refuses an odd byte count',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0001 byteCount:03 values:0000_00',
      reply: WRONG,
    },
    {
      title: 'refuses a write quantity of 129, whose byte count is 258',
      request: 'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0081 byteCount:02 values:0000',
      reply: WRONG,
    },
    {
      title: 'refuses a read range that leaves the table, before anything is written',
      request: 'fc:17 readStart:012B readQuantity:0002 writeStart:0000 writeQuantity:0001 byteCount:02 values:0000',
      reply: NOTHING_WRITTEN,
    },
    {
      title: 'refuses a read range that ends at 65537, before anything is written',
      request: 'fc:17 readStart:FFFF readQuantity:0002 writeStart:0000 writeQuantity:0001 byteCount:02 values:0000',
      reply: NOTHING_WRITTEN,
    },
    {
      title: 'refuses a write range that leaves the table and writes none of it',
      request:
        'fc:17 readStart:0000 readQuantity:0001 writeStart:012B writeQuantity:0002 byteCount:04 values:0000_0000',
      reply: NOTHING_WRITTEN,
    },
    {
      title: 'refuses a write range that ends at 65537 and writes none of it',
      request:
        'fc:17 readStart:0000 readQuantity:0001 writeStart:FFFF writeQuantity:0002 byteCount:04 values:0000_0000',
      reply: NOTHING_WRITTEN,
    },
    {
      title: 'checks the write quantity before the read address',
      request: 'fc:17 readStart:012C readQuantity:0001 writeStart:0000 writeQuantity:0000 byteCount:00',
      reply: WRONG,
    },
    {
      title: 'checks the byte count before the addresses',
      request: 'fc:17 readStart:012C readQuantity:0001 writeStart:012C writeQuantity:0001 byteCount:01 values:00',
      reply: WRONG,
    },
    {
      title: 'checks the read quantity before the write address',
      request: 'fc:17 readStart:0000 readQuantity:007E writeStart:012C writeQuantity:0001 byteCount:02 values:0000',
      reply: WRONG,
    },
  ],
};
