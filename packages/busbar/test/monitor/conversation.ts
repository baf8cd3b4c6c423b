import type { rtu } from './listening.js';

/**
 * Requests of one client to several stations, and what these answer, as it follows on a line; and what a monitor tells
 * of it.
 */
export function conversation(encode: typeof rtu): Buffer {
  return Buffer.concat([
    encode(2, 'fc:03 start:0000 quantity:0002'),
    encode(2, 'fc:03 bytes:04 values:0014_0015'),
    encode(0, 'fc:06 address:0001 value:0003'),
    encode(17, 'fc:01 start:0013 quantity:0013'),
    encode(17, 'fc:81 exception:02'),
    encode(3, 'fc:10 start:0001 quantity:0002 bytes:04 values:000A_0102'),
    encode(3, 'fc:10 start:0001 quantity:0002'),
    encode(9, 'fc:07'),
    encode(2, 'fc:06 address:0001 value:0003'),
    encode(2, 'fc:06 address:0001 value:0003'),
    encode(17, 'fc:65 data:0102'),
    encode(17, 'fc:65 data:03'),
    encode(3, 'fc:07'),
    encode(3, 'fc:07 status:6D'),
  ]);
}

export const CONVERSATION_TOLD = [
  '> 2 0300000002',
  '< 2 030400140015 to 0300000002',
  '> 0 0600010003',
  '> 17 0100130013',
  '< 17 8102 to 0100130013',
  '> 3 100001000204000A0102',
  '< 3 1000010002 to 100001000204000A0102',
  '> 9 07',
  '! 9 07',
  '> 2 0600010003',
  '< 2 0600010003 to 0600010003',
  '> 17 650102',
  '< 17 6503 to 650102',
  '> 3 07',
  '< 3 076D to 07',
];
