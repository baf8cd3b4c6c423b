import type { Exchange } from '../../../api/contract.js';
import type { PduReader } from './reader.js';
import { diagnostics, masks, one, span, writtenFiles } from './requests.js';
import { binary, bitsOf, busy, coil, conformity, idCode, identityObject, mei, register, text } from './words.js';

const READ_IDENTIFICATION = 14;

/** Reads what is behind the function code. @param asked the range of the request, where it has one. */
type ReplyLayout = (pdu: PduReader, asked: Exchange['range']) => void;

/** What replies have behind their function code. */
export const REPLIES: Readonly<Record<number, ReplyLayout>> = {
  1: countedBits,
  2: countedBits,
  3: countedRegisters,
  4: countedRegisters,
  5: one('coils', coil),
  6: one('holding', register),
  7(pdu) {
    pdu.byte('Exception status', binary);
  },
  8: diagnostics,
  11: eventCounter,
  12(pdu) {
    pdu.byte('Byte count');
    eventCounter(pdu);
    pdu.word('Message count');
    pdu.bytes('Events', () => 'the newest first');
  },
  15: span('coils'),
  16: span('holding'),
  17(pdu) {
    pdu.byte('Byte count');
    pdu.bytes('Server id', text);
  },
  20(pdu) {
    pdu.byte('Byte count');
    for (let group = 1; pdu.left > 0; group++) {
      const length = pdu.byte(`Group ${group}: length`);
      pdu.byte(`Group ${group}: reference type`);
      pdu.registers(`Group ${group}: registers`, Math.max(0, length - 1));
    }
  },
  21: writtenFiles,
  22: masks,
  23: countedRegisters,
  24(pdu) {
    pdu.word('Byte count');
    pdu.word('FIFO count');
    pdu.registers('Registers');
  },
  43(pdu) {
    if (pdu.byte('MEI type', mei) === READ_IDENTIFICATION) identification(pdu);
  },
};

function countedBits(pdu: PduReader, asked: Exchange['range']): void {
  pdu.byte('Byte count');
  pdu.bytes('Bits', bitsOf(asked?.count));
}

function countedRegisters(pdu: PduReader, asked: Exchange['range']): void {
  pdu.byte('Byte count');
  pdu.registersFrom(asked?.start ?? 0, 'Registers');
}

function eventCounter(pdu: PduReader): void {
  pdu.word('Status', busy);
  pdu.word('Event count');
}

function identification(pdu: PduReader): void {
  pdu.byte('Read device id code', idCode);
  pdu.byte('Conformity level', conformity);
  pdu.byte('More follows', (more) => (more === 0 ? 'no' : 'yes'));
  pdu.byte('Next object id', identityObject);
  const objects = pdu.byte('Number of objects');
  for (let i = 1; i <= objects && pdu.left > 0; i++) {
    pdu.byte(`Object ${i}: id`, identityObject);
    pdu.bytes(`Object ${i}: value`, text, pdu.byte(`Object ${i}: length`));
  }
}
