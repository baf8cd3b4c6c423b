import { sequence } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

function registers(start: number, first: number, count: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [start + index, (first + index) & 0xffff]));
}

/** Function code 10. */
export const writeMultipleRegisters: VectorTable = {
  code: '10',
  name: 'write multiple registers',
  wellFormed: [
    'fc:10 start:0001 quantity:0002 byteCount:04 values:000A_0102',
    'fc:10 start:0001 quantity:0001 byteCount:02 values:000A',
    'fc:10 start:0001 quantity:007B byteCount:F6 values:0000*123',
  ],
  vectors: [
    {
      title: "writes the document's example: 2 registers from 1",
      request: 'fc:10 start:0001 quantity:0002 byteCount:04 values:000A_0102',
      reply: 'fc:10 start:0001 quantity:0002',
      changes: { holdingRegisters: { 1: 0x000a, 2: 0x0102 } },
    },
    {
      title: 'writes a single register',
      request: 'fc:10 start:0000 quantity:0001 byteCount:02 values:FEFF',
      reply: 'fc:10 start:0000 quantity:0001',
      changes: { holdingRegisters: { 0: 0xfeff } },
    },
    {
      title: 'writes the most registers, 123',
      request: `fc:10 start:0064 quantity:007B byteCount:F6 values:${sequence(0x8000, 123)}`,
      reply: 'fc:10 start:0064 quantity:007B',
      changes: { holdingRegisters: registers(100, 0x8000, 123) },
    },
    {
      title: 'writes a range that ends exactly at 65536',
      request: `fc:10 start:FF85 quantity:007B byteCount:F6 values:${sequence(0x0001, 123)}`,
      reply: 'fc:10 start:FF85 quantity:007B',
      changes: { holdingRegisters: registers(0xff85, 1, 123) },
    },
    {
      title: 'writes the last register, 65535',
      request: 'fc:10 start:FFFF quantity:0001 byteCount:02 values:0000',
      reply: 'fc:10 start:FFFF quantity:0001',
      changes: { holdingRegisters: { 65535: 0 } },
    },
    {
      title: 'refuses one register more than the most',
      request: 'fc:10 start:0000 quantity:007C byteCount:F8 values:00*247',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses 124 registers, which fit no frame',
      request: 'fc:10 start:0000 quantity:007C byteCount:F8 values:0000*124',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses 125 registers, which fit no frame',
      request: 'fc:10 start:0000 quantity:007D byteCount:FA values:0000*125',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses one register more than the most behind the largest legal byte count',
      request: 'fc:10 start:0000 quantity:007C byteCount:F6 values:0000*123',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a quantity of 0',
      request: 'fc:10 start:0000 quantity:0000 byteCount:00',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a quantity of 0 with a register',
      request: 'fc:10 start:0000 quantity:0000 byteCount:02 values:0000',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a quantity of 65535',
      request: 'fc:10 start:0000 quantity:FFFF byteCount:FE values:00*247',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a quantity of 128, whose byte count is 256',
      request: 'fc:10 start:0000 quantity:0080 byteCount:00',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a quantity of 129, whose byte count is 258',
      request: 'fc:10 start:0000 quantity:0081 byteCount:02 values:0000',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a byte count smaller than the quantity needs',
      request: 'fc:10 start:0001 quantity:0002 byteCount:02 values:0000',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a byte count larger than the quantity needs',
      request: 'fc:10 start:0001 quantity:0001 byteCount:04 values:0000_0000',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses an odd byte count',
      request: 'fc:10 start:0001 quantity:0002 byteCount:03 values:0000_00',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses fewer bytes than the byte count says',
      request: 'fc:10 start:0001 quantity:0002 byteCount:04 values:0000_00',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses more bytes than the byte count says',
      request: 'fc:10 start:0001 quantity:0002 byteCount:04 values:0000_0000_0000',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'refuses a range that ends at 65537 and writes none of it',
      request: 'fc:10 start:FFFF quantity:0002 byteCount:04 values:0000_0000',
      reply: 'fc:90 exception:02',
    },
    {
      title: 'refuses a range that leaves its block and writes none of it',
      request: 'fc:10 start:012A quantity:0003 byteCount:06 values:0000_0000_0000',
      reply: 'fc:90 exception:02',
    },
    {
      title: 'refuses a range that enters a block and writes none of it',
      request: 'fc:10 start:FF77 quantity:0002 byteCount:04 values:0000_0000',
      reply: 'fc:90 exception:02',
    },
    {
      title: 'refuses an address in no block',
      request: 'fc:10 start:012C quantity:0001 byteCount:02 values:0000',
      reply: 'fc:90 exception:02',
    },
    {
      title: 'checks the byte count before the address',
      request: 'fc:10 start:012C quantity:0001 byteCount:03 values:000000',
      reply: 'fc:90 exception:03',
    },
    {
      title: 'checks the quantity before the address',
      request: 'fc:10 start:012C quantity:0000 byteCount:00',
      reply: 'fc:90 exception:03',
    },
  ],
};
