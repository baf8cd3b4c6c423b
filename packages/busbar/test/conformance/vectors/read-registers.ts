import { sequence } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

/** Function codes 03 and 04. */
export const readHoldingRegisters: VectorTable = {
  code: '03',
  name: 'read holding registers',
  wellFormed: ['fc:03 start:006B quantity:0003'],
  vectors: [
    {
      title: "reads the document's example: 3 registers from 107",
      request: 'fc:03 start:006B quantity:0003',
      reply: 'fc:03 byteCount:06 values:022B_0000_0064',
    },
    { title: 'reads register 0', request: 'fc:03 start:0000 quantity:0001', reply: 'fc:03 byteCount:02 values:1000' },
    {
      title: 'reads the most registers, 125, up to exactly 65536',
      request: 'fc:03 start:FF83 quantity:007D',
      reply: `fc:03 byteCount:FA values:${sequence(0xff83, 125)}`,
    },
    {
      title: 'refuses one register more than the most',
      request: 'fc:03 start:0000 quantity:007E',
      reply: 'fc:83 exception:03',
    },
    { title: 'refuses a quantity of 0', request: 'fc:03 start:0000 quantity:0000', reply: 'fc:83 exception:03' },
    { title: 'refuses a quantity of 65535', request: 'fc:03 start:0000 quantity:FFFF', reply: 'fc:83 exception:03' },
    {
      title: 'refuses a quantity whose low byte alone would do',
      request: 'fc:03 start:0000 quantity:0101',
      reply: 'fc:83 exception:03',
    },
    {
      title: 'reads the last register, 65535',
      request: 'fc:03 start:FFFF quantity:0001',
      reply: 'fc:03 byteCount:02 values:FFFF',
    },
    {
      title: 'refuses a range that ends at 65537',
      request: 'fc:03 start:FF84 quantity:007D',
      reply: 'fc:83 exception:02',
    },
    {
      title: 'refuses a range that would wrap to register 0',
      request: 'fc:03 start:FFFF quantity:0002',
      reply: 'fc:83 exception:02',
    },
    {
      title: 'reads the last register of a block',
      request: 'fc:03 start:012B quantity:0001',
      reply: 'fc:03 byteCount:02 values:112B',
    },
    {
      title: 'refuses a range that leaves its block',
      request: 'fc:03 start:012B quantity:0002',
      reply: 'fc:83 exception:02',
    },
    {
      title: 'refuses a range that enters a block',
      request: 'fc:03 start:FF77 quantity:0002',
      reply: 'fc:83 exception:02',
    },
    { title: 'refuses an address in no block', request: 'fc:03 start:012C quantity:0001', reply: 'fc:83 exception:02' },
    {
      title: 'checks the quantity before the address: 0',
      request: 'fc:03 start:012C quantity:0000',
      reply: 'fc:83 exception:03',
    },
    {
      title: 'checks the quantity before the address: 126',
      request: 'fc:03 start:FFFF quantity:007E',
      reply: 'fc:83 exception:03',
    },
    {
      title: 'checks the length before the address',
      request: 'fc:03 start:012C quantity:0001 more:00',
      reply: 'fc:83 exception:03',
    },
  ],
};

export const readInputRegisters: VectorTable = {
  code: '04',
  name: 'read input registers',
  wellFormed: ['fc:04 start:0008 quantity:0001'],
  vectors: [
    {
      title: "reads the document's example: register 8",
      request: 'fc:04 start:0008 quantity:0001',
      reply: 'fc:04 byteCount:02 values:000A',
    },
    {
      title: 'reads the input and not the holding registers',
      request: 'fc:04 start:006B quantity:0003',
      reply: 'fc:04 byteCount:06 values:206B_206C_206D',
    },
    {
      title: 'reads the most registers, 125, up to exactly 65536',
      request: 'fc:04 start:FF83 quantity:007D',
      reply: `fc:04 byteCount:FA values:${sequence(0xff83, 125)}`,
    },
    {
      title: 'refuses one register more than the most',
      request: 'fc:04 start:0000 quantity:007E',
      reply: 'fc:84 exception:03',
    },
    { title: 'refuses a quantity of 0', request: 'fc:04 start:0000 quantity:0000', reply: 'fc:84 exception:03' },
    { title: 'refuses a quantity of 65535', request: 'fc:04 start:0000 quantity:FFFF', reply: 'fc:84 exception:03' },
    {
      title: 'reads the last register, 65535',
      request: 'fc:04 start:FFFF quantity:0001',
      reply: 'fc:04 byteCount:02 values:FFFF',
    },
    {
      title: 'refuses a range that ends at 65537',
      request: 'fc:04 start:FFFF quantity:0002',
      reply: 'fc:84 exception:02',
    },
    {
      title: 'refuses a range that leaves its block',
      request: 'fc:04 start:012B quantity:0002',
      reply: 'fc:84 exception:02',
    },
    { title: 'refuses an address in no block', request: 'fc:04 start:8000 quantity:0001', reply: 'fc:84 exception:02' },
    {
      title: 'checks the quantity before the address',
      request: 'fc:04 start:8000 quantity:0000',
      reply: 'fc:84 exception:03',
    },
  ],
};
