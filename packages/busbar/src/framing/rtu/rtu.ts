import { crc16 } from '../../protocol/crc.js';
import type { StandardFraming } from '../framing.js';
import { RtuReader } from './reader.js';
import { CRC_LENGTH, HEADER_LENGTH } from './scan.js';

/** RTU transmission mode of serial lines (SL, clause 2.5.1). */
export const rtu: StandardFraming = {
  name: 'rtu',
  sharedLine: true,
  headerLength: HEADER_LENGTH,
  silence: 50,
  maxLength: (maxPduLength) => HEADER_LENGTH + maxPduLength + CRC_LENGTH,
  createReader: (context) => new RtuReader(context),
  seal(target, start, pduLength, _transactionId, unitId) {
    target[start] = unitId;
    const end = start + HEADER_LENGTH + pduLength;
    const crc = crc16(target, start, end);
    target[end] = crc;
    target[end + 1] = crc >>> 8;
    return end + CRC_LENGTH;
  },
};
