import type { VectorTable } from '../vector.js';

/** Function codes 01 and 02. */
export const readCoils: VectorTable = {
  code: '01',
  name: 'read coils',
  wellFormed: ['fc:01 start:0013 quantity:0025'],
  vectors: [
    {
      title: "reads the document's example: 37 coils from 19",
      request: 'fc:01 start:0013 quantity:0025',
      reply: 'fc:01 byteCount:05 coils:CD6BB20E1B',
    },
    { title: 'reads a single coil', request: 'fc:01 start:0013 quantity:0001', reply: 'fc:01 byteCount:01 coils:01' },
    {
      title: 'reads a single coil that is off',
      request: 'fc:01 start:0014 quantity:0001',
      reply: 'fc:01 byteCount:01 coils:00',
    },
    {
      title: 'packs from the first coil asked for, not from a byte boundary of the table',
      request: 'fc:01 start:0014 quantity:0008',
      reply: 'fc:01 byteCount:01 coils:E6',
    },
    {
      title: 'leaves the unused high bits of the last byte zero',
      request: 'fc:01 start:0013 quantity:0009',
      reply: 'fc:01 byteCount:02 coils:CD01',
    },
    {
      title: 'needs one byte for seven coils',
      request: 'fc:01 start:0013 quantity:0007',
      reply: 'fc:01 byteCount:01 coils:4D',
    },
    { title: 'reads coil 0', request: 'fc:01 start:0000 quantity:0001', reply: 'fc:01 byteCount:01 coils:00' },
    {
      title: 'reads the most coils, 2000, to the end of a block',
      request: 'fc:01 start:0030 quantity:07D0',
      reply: 'fc:01 byteCount:FA coils:D8 coils:00*249',
    },
    {
      title: 'reads one coil less than the most in as many bytes',
      request: 'fc:01 start:0030 quantity:07CF',
      reply: 'fc:01 byteCount:FA coils:D8 coils:00*249',
    },
    {
      title: 'refuses one coil more than the most',
      request: 'fc:01 start:0000 quantity:07D1',
      reply: 'fc:81 exception:03',
    },
    { title: 'refuses a quantity of 0', request: 'fc:01 start:0013 quantity:0000', reply: 'fc:81 exception:03' },
    { title: 'refuses a quantity of 65535', request: 'fc:01 start:0000 quantity:FFFF', reply: 'fc:81 exception:03' },
    {
      title: 'refuses a quantity whose low byte alone would do',
      request: 'fc:01 start:0000 quantity:8001',
      reply: 'fc:81 exception:03',
    },
    {
      title: 'reads the last coil, 65535',
      request: 'fc:01 start:FFFF quantity:0001',
      reply: 'fc:01 byteCount:01 coils:01',
    },
    {
      title: 'reads a range that ends exactly at 65536',
      request: 'fc:01 start:FFDC quantity:0024',
      reply: 'fc:01 byteCount:05 coils:2184104208',
    },
    {
      title: 'refuses a range that ends at 65537',
      request: 'fc:01 start:FFDC quantity:0025',
      reply: 'fc:81 exception:02',
    },
    {
      title: 'refuses a range that would wrap to coil 0',
      request: 'fc:01 start:FFFF quantity:0002',
      reply: 'fc:81 exception:02',
    },
    {
      title: 'refuses a range that leaves its block',
      request: 'fc:01 start:07FF quantity:0002',
      reply: 'fc:81 exception:02',
    },
    {
      title: 'refuses a range that enters a block',
      request: 'fc:01 start:FFDB quantity:0002',
      reply: 'fc:81 exception:02',
    },
    { title: 'refuses an address in no block', request: 'fc:01 start:0800 quantity:0001', reply: 'fc:81 exception:02' },
    {
      title: 'checks the quantity before the address: 0',
      request: 'fc:01 start:0800 quantity:0000',
      reply: 'fc:81 exception:03',
    },
    {
      title: 'checks the quantity before the address: 2001',
      request: 'fc:01 start:FFFF quantity:07D1',
      reply: 'fc:81 exception:03',
    },
    {
      title: 'checks the length before the address',
      request: 'fc:01 start:0800 quantity:0001 more:00',
      reply: 'fc:81 exception:03',
    },
  ],
};

export const readDiscreteInputs: VectorTable = {
  code: '02',
  name: 'read discrete inputs',
  wellFormed: ['fc:02 start:00C4 quantity:0016'],
  vectors: [
    {
      title: "reads the document's example: 22 inputs from 196",
      request: 'fc:02 start:00C4 quantity:0016',
      reply: 'fc:02 byteCount:03 inputs:ACDB35',
    },
    { title: 'reads a single input', request: 'fc:02 start:00C6 quantity:0001', reply: 'fc:02 byteCount:01 inputs:01' },
    {
      title: 'reads the inputs and not the coils',
      request: 'fc:02 start:0013 quantity:0025',
      reply: 'fc:02 byteCount:05 inputs:00*5',
    },
    {
      title: 'reads the most inputs, 2000',
      request: 'fc:02 start:0030 quantity:07D0',
      reply: 'fc:02 byteCount:FA inputs:00*18 inputs:C0BA5D03 inputs:00*228',
    },
    {
      title: 'refuses one input more than the most',
      request: 'fc:02 start:0000 quantity:07D1',
      reply: 'fc:82 exception:03',
    },
    { title: 'refuses a quantity of 0', request: 'fc:02 start:0000 quantity:0000', reply: 'fc:82 exception:03' },
    { title: 'refuses a quantity of 65535', request: 'fc:02 start:0000 quantity:FFFF', reply: 'fc:82 exception:03' },
    {
      title: 'reads the last input, 65535',
      request: 'fc:02 start:FFFF quantity:0001',
      reply: 'fc:02 byteCount:01 inputs:01',
    },
    {
      title: 'reads a range that ends exactly at 65536',
      request: 'fc:02 start:FFF8 quantity:0008',
      reply: 'fc:02 byteCount:01 inputs:B1',
    },
    {
      title: 'refuses a range that ends at 65537',
      request: 'fc:02 start:FFF8 quantity:0009',
      reply: 'fc:82 exception:02',
    },
    {
      title: 'refuses a range that leaves its block',
      request: 'fc:02 start:07FF quantity:0002',
      reply: 'fc:82 exception:02',
    },
    { title: 'refuses an address in no block', request: 'fc:02 start:0800 quantity:0001', reply: 'fc:82 exception:02' },
    {
      title: 'refuses an address that only the coils have',
      request: 'fc:02 start:FFDC quantity:0001',
      reply: 'fc:82 exception:02',
    },
    {
      title: 'checks the quantity before the address',
      request: 'fc:02 start:0800 quantity:0000',
      reply: 'fc:82 exception:03',
    },
  ],
};
