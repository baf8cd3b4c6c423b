import { readRegisters, readUint16 } from '../bytes.js';
import type { Fields } from '../facts.js';
import { FunctionCode } from '../function-codes.js';
import { MAX_FIFO_COUNT } from '../limits.js';
import { checkCount } from '../pdu-writer.js';
import { list } from '../text.js';
import { type Sheet, sheet } from './sheet.js';

type Pointer = Fields<'address'>;
type Queue = Fields<'values', 'address'>;

export type FifoSheet = Sheet<(typeof FunctionCode)['ReadFifoQueue'], Pointer, Queue>;

/** 18 (AP, clause 6.18). */
export const fifo: FifoSheet = sheet({
  code: FunctionCode.ReadFifoQueue,
  name: 'read FIFO queue',
  request: {
    length: { base: 3 },
    decode: (pdu): Pointer => ({ address: readUint16(pdu, 1) }),
    encode: ({ address }, pdu) => pdu.word(address, ['address']),
    describe: ({ address }) => ` ${address}`,
  },
  reply: {
    length: (bytes, start, end) => (end - start < 3 ? 0 : 3 + readUint16(bytes, start + 1)),
    decode(pdu, asked): Queue | undefined {
      const count = readUint16(pdu, 3);
      if (readUint16(pdu, 1) !== 2 + 2 * count) return undefined;
      return { ...(asked !== undefined && { address: asked.address }), values: readRegisters(pdu, 5, count) };
    },
    encode({ values }, pdu) {
      checkCount(values, 0, MAX_FIFO_COUNT, ['values']);
      pdu
        .word(2 + 2 * values.length, ['values'])
        .word(values.length, ['values'])
        .words(values, ['values']);
    },
    describe: ({ address, values }) => `${address === undefined ? '' : ` ${address}`} = ${list(values)}`,
  },
});
