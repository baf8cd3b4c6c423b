import { crc16 } from '../../protocol/crc.js';
import type { StandardFraming } from '../framing.js';
import { AROUND_PDU, CRC_LENGTH, HEADER_LENGTH } from './candidate.js';
import { RtuReader } from './reader.js';

/** RTU transmission mode of serial lines (SL, clause 2.5.1). */
export const rtu: StandardFraming = {
  name: 'rtu',
  sharedLine: true,
  headerLength: HEADER_LENGTH,
  silence: 50,
  maxLength: (maxPduLength) => maxPduLength + AROUND_PDU,
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
