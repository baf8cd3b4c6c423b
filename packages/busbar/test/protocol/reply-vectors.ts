import { hex, text as textHex } from '../helpers/hex.js';

/** What each reply says when its request is known. The vectors are those of the specification, where it has one. */
export const REPLIES: readonly [reply: string, request: string, facts: object, text: string][] = [
  [
    'fc:01 bytes:02 bits:CD05',
    'fc:01 start:0013 quantity:000B',
    {
      functionCode: 1,
      name: 'read coils',
      address: 19,
      quantity: 11,
      values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1],
    },
    'read coils 19..29 (00020..00030) = 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1',
  ],
  [
    'fc:02 bytes:01 bits:05',
    'fc:02 start:0000 quantity:0003',
    { functionCode: 2, name: 'read discrete inputs', address: 0, quantity: 3, values: [1, 0, 1] },
    'read discrete inputs 0..2 (10001..10003) = 1, 0, 1',
  ],
  [
    'fc:03 bytes:06 values:0014_0015_0016',
    'fc:03 start:0000 quantity:0003',
    { functionCode: 3, name: 'read holding registers', address: 0, quantity: 3, values: [20, 21, 22] },
    'read holding registers 0..2 (40001..40003) = 20, 21, 22',
  ],
  [
    'fc:04 bytes:02 values:FFFF',
    'fc:04 start:0008 quantity:0001',
    { functionCode: 4, name: 'read input registers', address: 8, quantity: 1, values: [65535] },
    'read input registers 8 (30009) = 65535',
  ],
  [
    'fc:05 address:00AC value:FF00',
    'fc:05 address:00AC value:FF00',
    { functionCode: 5, name: 'write single coil', address: 172, values: [1] },
    'write single coil 172 (00173) = 1',
  ],
  [
    'fc:06 address:0001 value:0003',
    'fc:06 address:0001 value:0003',
    { functionCode: 6, name: 'write single register', address: 1, values: [3] },
    'write single register 1 (40002) = 3',
  ],
  [
    'fc:07 status:6D',
    'fc:07',
    { functionCode: 7, name: 'read exception status', status: 0x6d },
    'read exception status = 0x6D',
  ],
  [
    'fc:0B status:FFFF events:0108',
    'fc:0B',
    { functionCode: 11, name: 'get comm event counter', status: 0xffff, eventCount: 264 },
    'get comm event counter = 264 events, busy',
  ],
  [
    'fc:0C bytes:08 status:0000 events:0108 messages:0121 log:20_00',
    'fc:0C',
    {
      functionCode: 12,
      name: 'get comm event log',
      status: 0,
      eventCount: 264,
      messageCount: 289,
      events: [0x20, 0x00],
    },
    'get comm event log = 264 events, 289 messages, ready, log 20 00',
  ],
  [
    'fc:0F start:0013 quantity:000A',
    'fc:0F start:0013 quantity:000A bytes:02 bits:CD01',
    { functionCode: 15, name: 'write multiple coils', address: 19, quantity: 10 },
    'write multiple coils 19..28 (00020..00029)',
  ],
  [
    'fc:10 start:0001 quantity:0002',
    'fc:10 start:0001 quantity:0002 bytes:04 values:000A_0102',
    { functionCode: 16, name: 'write multiple registers', address: 1, quantity: 2 },
    'write multiple registers 1..2 (40002..40003)',
  ],
  [
    `fc:11 bytes:06 id:${textHex('Bus"\\')} run:FF`,
    'fc:11',
    { functionCode: 17, name: 'report server id', data: hex(`id:${textHex('Bus"\\')} run:FF`) },
    'report server id = "Bus\\x22\\x5C\\xFF"',
  ],
  [
    'fc:14 bytes:0C length:05 type:06 values:0DFE_0020 length:05 type:06 values:33CD_0040',
    'fc:14 bytes:0E type:06 file:0004 record:0001 length:0002 type:06 file:0003 record:0009 length:0002',
    {
      functionCode: 20,
      name: 'read file record',
      groups: [
        { file: 4, record: 1, length: 2, values: [3582, 32] },
        { file: 3, record: 9, length: 2, values: [13261, 64] },
      ],
    },
    'read file record file 4 record 1..2 = 3582, 32; file 3 record 9..10 = 13261, 64',
  ],
  [
    'fc:15 bytes:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
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
    'fc:16 address:0004 and:00F2 or:0025',
    { functionCode: 22, name: 'mask write register', address: 4, andMask: 0xf2, orMask: 0x25 },
    'mask write register 4 (40005) and=0x00F2 or=0x0025',
  ],
  [
    'fc:17 bytes:04 values:00FE_0ACD',
    'fc:17 start:0003 quantity:0002 writeStart:000E writeQuantity:0001 bytes:02 values:00FF',
    { functionCode: 23, name: 'read/write multiple registers', address: 3, quantity: 2, values: [254, 2765] },
    'read/write multiple registers 3..4 (40004..40005) = 254, 2765',
  ],
  [
    'fc:18 bytes:0006 count:0002 values:01B8_1284',
    'fc:18 pointer:04DE',
    { functionCode: 24, name: 'read FIFO queue', address: 1246, values: [440, 4740] },
    'read FIFO queue 1246 = 440, 4740',
  ],
  [
    'fc:41 data:0001FF',
    'fc:41',
    { functionCode: 0x41, name: 'function 0x41', data: hex('0001FF') },
    'function 0x41: 00 01 FF',
  ],
];
