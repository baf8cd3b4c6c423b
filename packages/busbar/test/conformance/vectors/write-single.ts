import type { VectorTable } from '../vector.js';

/** Function codes 05 and 06. */
export const writeSingleCoil: VectorTable = {
  code: '05',
  name: 'write single coil',
  wellFormed: ['fc:05 address:00AC value:FF00', 'fc:05 address:0013 value:0000'],
  vectors: [
    {
      title: "writes and echoes the document's example: coil 172 on",
      request: 'fc:05 address:00AC value:FF00',
      reply: 'fc:05 address:00AC value:FF00',
      changes: { coils: { 172: true } },
    },
    {
      title: 'switches a coil off',
      request: 'fc:05 address:0013 value:0000',
      reply: 'fc:05 address:0013 value:0000',
      changes: { coils: { 19: false } },
    },
    {
      title: 'switches on a coil that is on',
      request: 'fc:05 address:0013 value:FF00',
      reply: 'fc:05 address:0013 value:FF00',
    },
    {
      title: 'writes coil 0',
      request: 'fc:05 address:0000 value:FF00',
      reply: 'fc:05 address:0000 value:FF00',
      changes: { coils: { 0: true } },
    },
    {
      title: 'writes the last coil, 65535',
      request: 'fc:05 address:FFFF value:0000',
      reply: 'fc:05 address:FFFF value:0000',
      changes: { coils: { 65535: false } },
    },
    { title: 'refuses the value 0001', request: 'fc:05 address:00AC value:0001', reply: 'fc:85 exception:03' },
    { title: 'refuses the value 00FF', request: 'fc:05 address:00AC value:00FF', reply: 'fc:85 exception:03' },
    { title: 'refuses the value FF01', request: 'fc:05 address:00AC value:FF01', reply: 'fc:85 exception:03' },
    { title: 'refuses the value FFFF', request: 'fc:05 address:00AC value:FFFF', reply: 'fc:85 exception:03' },
    { title: 'refuses the value 0100', request: 'fc:05 address:00AC value:0100', reply: 'fc:85 exception:03' },
    { title: 'refuses an address in no block', request: 'fc:05 address:0800 value:FF00', reply: 'fc:85 exception:02' },
    {
      title: 'checks the value before the address',
      request: 'fc:05 address:0800 value:1234',
      reply: 'fc:85 exception:03',
    },
    {
      title: 'checks the length before the address',
      request: 'fc:05 address:0800 value:FF00 more:00',
      reply: 'fc:85 exception:03',
    },
  ],
};

export const writeSingleRegister: VectorTable = {
  code: '06',
  name: 'write single register',
  wellFormed: ['fc:06 address:0001 value:0003'],
  vectors: [
    {
      title: "writes and echoes the document's example: register 1",
      request: 'fc:06 address:0001 value:0003',
      reply: 'fc:06 address:0001 value:0003',
      changes: { holdingRegisters: { 1: 3 } },
    },
    {
      title: 'writes the largest value to register 0',
      request: 'fc:06 address:0000 value:FFFF',
      reply: 'fc:06 address:0000 value:FFFF',
      changes: { holdingRegisters: { 0: 0xffff } },
    },
    {
      title: 'writes the last register, 65535',
      request: 'fc:06 address:FFFF value:0000',
      reply: 'fc:06 address:FFFF value:0000',
      changes: { holdingRegisters: { 65535: 0 } },
    },
    {
      title: 'writes the value that is there',
      request: 'fc:06 address:0001 value:1001',
      reply: 'fc:06 address:0001 value:1001',
    },
    { title: 'refuses an address in no block', request: 'fc:06 address:012C value:0003', reply: 'fc:86 exception:02' },
    {
      title: 'checks the length before the address',
      request: 'fc:06 address:012C value:0003 more:00',
      reply: 'fc:86 exception:03',
    },
  ],
};
