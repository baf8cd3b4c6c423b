import { sequence } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

/** Function code 18. */
export const readFifoQueue: VectorTable = {
  code: '18',
  name: 'read FIFO queue',
  wellFormed: ['fc:18 pointer:04DE'],
  vectors: [
    {
      title: "reads the document's example: a queue of two",
      request: 'fc:18 pointer:04DE',
      reply: 'fc:18 byteCount:0006 fifoCount:0002 values:01B8_1284',
    },
    {
      title: 'reads the same queue again: it is not changed',
      request: 'fc:18 pointer:04DE',
      reply: 'fc:18 byteCount:0006 fifoCount:0002 values:01B8_1284',
    },
    { title: 'reads an empty queue', request: 'fc:18 pointer:04DF', reply: 'fc:18 byteCount:0002 fifoCount:0000' },
    {
      title: 'reads the most entries, 31',
      request: 'fc:18 pointer:0500',
      reply: `fc:18 byteCount:0040 fifoCount:001F values:${sequence(0x5500, 31)}`,
    },
    { title: 'refuses a queue of 32', request: 'fc:18 pointer:0501', reply: 'fc:98 exception:03' },
    {
      title: 'reads a queue at 65535',
      request: 'fc:18 pointer:FFFF',
      reply: 'fc:18 byteCount:0004 fifoCount:0001 values:0102',
    },
    { title: 'refuses a holding register without a queue', request: 'fc:18 pointer:0000', reply: 'fc:98 exception:02' },
    {
      title: 'refuses an address with neither register nor queue',
      request: 'fc:18 pointer:8000',
      reply: 'fc:98 exception:02',
    },
    {
      title: 'checks the length before the pointer',
      request: 'fc:18 pointer:8000 more:00',
      reply: 'fc:98 exception:03',
    },
  ],
};
