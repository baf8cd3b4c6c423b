import type { VectorTable } from '../vector.js';

/** Function code 16. */
export const maskWriteRegister: VectorTable = {
  code: '16',
  name: 'mask write register',
  wellFormed: ['fc:16 address:0004 and:00F2 or:0025'],
  vectors: [
    {
      title: "changes the document's example: 0012 becomes 0017",
      request: 'fc:16 address:0004 and:00F2 or:0025',
      reply: 'fc:16 address:0004 and:00F2 or:0025',
      changes: { holdingRegisters: { 4: 0x0017 } },
    },
    {
      title: 'writes the or mask where the and mask is zero',
      request: 'fc:16 address:0005 and:0000 or:BEEF',
      reply: 'fc:16 address:0005 and:0000 or:BEEF',
      changes: { holdingRegisters: { 5: 0xbeef } },
    },
    {
      title: 'changes nothing where the and mask is FFFF, whatever the or mask',
      request: 'fc:16 address:0005 and:FFFF or:FFFF',
      reply: 'fc:16 address:0005 and:FFFF or:FFFF',
    },
    {
      title: 'clears a register with two zero masks',
      request: 'fc:16 address:0000 and:0000 or:0000',
      reply: 'fc:16 address:0000 and:0000 or:0000',
      changes: { holdingRegisters: { 0: 0 } },
    },
    {
      title: 'takes or bits only where the and mask is 0: 1005 under F00F and 0AFA becomes 1AF5',
      request: 'fc:16 address:0005 and:F00F or:0AFA',
      reply: 'fc:16 address:0005 and:F00F or:0AFA',
      changes: { holdingRegisters: { 5: 0x1af5 } },
    },
    {
      title: 'changes the last register, 65535',
      request: 'fc:16 address:FFFF and:7FFE or:0001',
      reply: 'fc:16 address:FFFF and:7FFE or:0001',
      changes: { holdingRegisters: { 65535: 0x7fff } },
    },
    {
      title: 'refuses an address in no block',
      request: 'fc:16 address:012C and:0000 or:0000',
      reply: 'fc:96 exception:02',
    },
    {
      title: 'checks the length before the address',
      request: 'fc:16 address:012C and:0000 or:0000 more:00',
      reply: 'fc:96 exception:03',
    },
  ],
};
