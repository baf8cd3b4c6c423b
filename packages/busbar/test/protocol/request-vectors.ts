import { hex } from '../helpers/hex.js';

/** What each request says, as facts and as text. The vectors are those of the specification, where it has one. */
export const REQUESTS: readonly [vector: string, facts: object, text: string][] = [
  [
    'fc:01 start:0013 quantity:0013',
    { functionCode: 1, name: 'read coils', address: 19, quantity: 19 },
    'read coils 19..37 (00020..00038)',
  ],
  [
    'fc:02 start:00C4 quantity:0016',
    { functionCode: 2, name: 'read discrete inputs', address: 196, quantity: 22 },
    'read discrete inputs 196..217 (10197..10218)',
  ],
  [
    'fc:03 start:0000 quantity:0003',
    { functionCode: 3, name: 'read holding registers', address: 0, quantity: 3 },
    'read holding registers 0..2 (40001..40003)',
  ],
  [
    'fc:04 start:0008 quantity:0001',
    { functionCode: 4, name: 'read input registers', address: 8, quantity: 1 },
    'read input registers 8 (30009)',
  ],
  [
    'fc:05 address:00AC value:FF00',
    { functionCode: 5, name: 'write single coil', address: 172, values: [1] },
    'write single coil 172 (00173) = 1',
  ],
  [
    'fc:05 address:00AC value:0000',
    { functionCode: 5, name: 'write single coil', address: 172, values: [0] },
    'write single coil 172 (00173) = 0',
  ],
  [
    'fc:06 address:0001 value:0003',
    { functionCode: 6, name: 'write single register', address: 1, values: [3] },
    'write single register 1 (40002) = 3',
  ],
  ['fc:07', { functionCode: 7, name: 'read exception status' }, 'read exception status'],
  ['fc:0B', { functionCode: 11, name: 'get comm event counter' }, 'get comm event counter'],
  ['fc:0C', { functionCode: 12, name: 'get comm event log' }, 'get comm event log'],
  [
    'fc:0F start:0013 quantity:000A bytes:02 bits:CD01',
    {
      functionCode: 15,
      name: 'write multiple coils',
      address: 19,
      quantity: 10,
      values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 0],
    },
    'write multiple coils 19..28 (00020..00029) = 1, 0, 1, 1, 0, 0, 1, 1, 1, 0',
  ],
  [
    'fc:10 start:0001 quantity:0002 bytes:04 values:000A_0102',
    { functionCode: 16, name: 'write multiple registers', address: 1, quantity: 2, values: [10, 258] },
    'write multiple registers 1..2 (40002..40003) = 10, 258',
  ],
  ['fc:11', { functionCode: 17, name: 'report server id' }, 'report server id'],
  [
    'fc:14 bytes:0E type:06 file:0004 record:0001 length:0002 type:06 file:0003 record:0009 length:0001',
    {
      functionCode: 20,
      name: 'read file record',
      groups: [
        { file: 4, record: 1, length: 2 },
        { file: 3, record: 9, length: 1 },
      ],
    },
    'read file record file 4 record 1..2; file 3 record 9',
  ],
  [
    'fc:15 bytes:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
    {
      functionCode: 21,
      name: 'write file record',
      groups: [{ file: 4, record: 7, length: 3, values: [1711, 1214, 4109] }],
    },
    'write file record file 4 record 7..9 = 1711, 1214, 4109',
  ],
  [
    'fc:16 address:0004 and:00F2 or:0025',
    { functionCode: 22, name: 'mask write register', address: 4, andMask: 0xf2, orMask: 0x25 },
    'mask write register 4 (40005) and=0x00F2 or=0x0025',
  ],
  [
    'fc:17 start:0003 quantity:0006 writeStart:000E writeQuantity:0003 bytes:06 values:00FF*3',
    {
      functionCode: 23,
      name: 'read/write multiple registers',
      address: 3,
      quantity: 6,
      writeAddress: 14,
      values: [255, 255, 255],
    },
    'read/write multiple registers 3..8 (40004..40009), write 14..16 (40015..40017) = 255, 255, 255',
  ],
  ['fc:18 pointer:04DE', { functionCode: 24, name: 'read FIFO queue', address: 1246 }, 'read FIFO queue 1246'],
  ['fc:41 data:0001FF', { functionCode: 0x41, name: 'function 0x41', data: hex('0001FF') }, 'function 0x41: 00 01 FF'],
  ['fc:41', { functionCode: 0x41, name: 'function 0x41', data: hex('') }, 'function 0x41'],
  ['fc:83 data:02', { functionCode: 0x83, name: 'function 0x83', data: hex('02') }, 'function 0x83: 02'],
];
