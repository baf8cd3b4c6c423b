import { bits } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

function coils(start: number, values: boolean[]): Record<number, boolean> {
  return Object.fromEntries(values.map((value, index) => [start + index, value]));
}

/** Function code 0F. */
export const writeMultipleCoils: VectorTable = {
  code: '0F',
  name: 'write multiple coils',
  wellFormed: [
    'fc:0F start:0013 quantity:000A byteCount:02 coils:CD01',
    'fc:0F start:0013 quantity:0001 byteCount:01 coils:00',
    'fc:0F start:0000 quantity:07B0 byteCount:F6 coils:FF*246',
  ],
  vectors: [
    {
      title: "writes the document's example: 10 coils from 19",
      request: 'fc:0F start:0013 quantity:000A byteCount:02 coils:CD01',
      reply: 'fc:0F start:0013 quantity:000A',
      changes: { coils: coils(19, bits('CD01', 10)) },
    },
    {
      title: 'takes the bits LSB first',
      request: 'fc:0F start:0101 quantity:000B byteCount:02 coils:3506',
      reply: 'fc:0F start:0101 quantity:000B',
      changes: { coils: coils(257, bits('3506', 11)) },
    },
    {
      title: 'ignores the unused bits of the last byte',
      request: 'fc:0F start:0100 quantity:0003 byteCount:01 coils:FD',
      reply: 'fc:0F start:0100 quantity:0003',
      changes: { coils: { 256: true, 257: false, 258: true } },
    },
    {
      title: 'writes a single coil',
      request: 'fc:0F start:0000 quantity:0001 byteCount:01 coils:01',
      reply: 'fc:0F start:0000 quantity:0001',
      changes: { coils: { 0: true } },
    },
    {
      title: 'writes the most coils, 1968',
      request: 'fc:0F start:0050 quantity:07B0 byteCount:F6 coils:A5*246',
      reply: 'fc:0F start:0050 quantity:07B0',
      changes: { coils: coils(80, bits('A5*246', 1968)) },
    },
    {
      title: 'writes a range that ends exactly at 65536',
      request: 'fc:0F start:FFDC quantity:0024 byteCount:05 coils:FF*5',
      reply: 'fc:0F start:FFDC quantity:0024',
      changes: { coils: coils(65500, bits('FF*5', 36)) },
    },
    {
      title: 'refuses one coil more than the most',
      request: 'fc:0F start:0000 quantity:07B1 byteCount:F7 coils:FF*247',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses 2000 coils, which fit no frame',
      request: 'fc:0F start:0000 quantity:07D0 byteCount:FA coils:FF*250',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a quantity of 0',
      request: 'fc:0F start:0013 quantity:0000 byteCount:00',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a quantity of 0 with a byte of coils',
      request: 'fc:0F start:0013 quantity:0000 byteCount:01 coils:00',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a quantity of 65535',
      request: 'fc:0F start:0000 quantity:FFFF byteCount:F6 coils:FF*246',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a quantity of 2041, whose byte count is 256',
      request: 'fc:0F start:0000 quantity:07F9 byteCount:00',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a byte count smaller than the quantity needs',
      request: 'fc:0F start:0013 quantity:000A byteCount:01 coils:00',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a byte count larger than the quantity needs',
      request: 'fc:0F start:0013 quantity:0008 byteCount:02 coils:0000',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses fewer coil bytes than the byte count says',
      request: 'fc:0F start:0013 quantity:000A byteCount:02 coils:00',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses more coil bytes than the byte count says',
      request: 'fc:0F start:0013 quantity:000A byteCount:02 coils:000000',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'refuses a range that ends at 65537 and writes none of it',
      request: 'fc:0F start:FFDC quantity:0025 byteCount:05 coils:FF*5',
      reply: 'fc:8F exception:02',
    },
    {
      title: 'refuses a range that leaves its block and writes none of it',
      request: 'fc:0F start:07F8 quantity:0010 byteCount:02 coils:FFFF',
      reply: 'fc:8F exception:02',
    },
    {
      title: 'refuses an address in no block',
      request: 'fc:0F start:0800 quantity:0001 byteCount:01 coils:01',
      reply: 'fc:8F exception:02',
    },
    {
      title: 'checks the byte count before the address',
      request: 'fc:0F start:0800 quantity:0001 byteCount:02 coils:0101',
      reply: 'fc:8F exception:03',
    },
    {
      title: 'checks the quantity before the address',
      request: 'fc:0F start:0800 quantity:0000 byteCount:00',
      reply: 'fc:8F exception:03',
    },
  ],
};
