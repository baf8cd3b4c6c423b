import { checkBytes } from '../../checks.js';
import { readUint16 } from '../bytes.js';
import type { Fields } from '../facts.js';
import { FunctionCode } from '../function-codes.js';
import { MAX_EVENTS, MAX_PDU_LENGTH } from '../limits.js';
import { checkCount } from '../pdu-writer.js';
import { escapedBytes, hexBytes, hexDigits, hexWord } from '../text.js';
import { COUNTED_LENGTH } from './ranges.js';
import { type RequestForm, type Sheet, sheet } from './sheet.js';

type Code = typeof FunctionCode;
type Nothing = Fields<never>;
type Status = Fields<'status'>;
type EventCounter = Fields<'status' | 'eventCount'>;
type EventLog = Fields<'status' | 'eventCount' | 'messageCount' | 'events'>;
type ServerId = Fields<'data'>;

export type StatusSheet =
  | Sheet<Code['ReadExceptionStatus'], Nothing, Status>
  | Sheet<Code['GetCommEventCounter'], Nothing, EventCounter>
  | Sheet<Code['GetCommEventLog'], Nothing, EventLog>
  | Sheet<Code['ReportServerId'], Nothing, ServerId>;

/** Status words of 0B and 0C (AP, clauses 6.9 and 6.10). */
export const STATUS_READY = 0x0000;
export const STATUS_BUSY = 0xffff;
/** Bytes of an event log between its byte count and the events. */
const LOG_HEADER_LENGTH = 6;

/** These requests are only a function code. */
const BARE: RequestForm<Nothing> = {
  length: { base: 1 },
  decode: () => ({}),
  encode: () => undefined,
  describe: () => '',
};

/** 07 (AP, clause 6.7). */
const readExceptionStatus = sheet<Code['ReadExceptionStatus'], Nothing, Status>({
  code: FunctionCode.ReadExceptionStatus,
  name: 'read exception status',
  request: BARE,
  reply: {
    length: { base: 2 },
    decode: (pdu): Status => ({ status: pdu[1] }),
    encode: ({ status }, pdu) => pdu.byte(status, ['status']),
    describe: ({ status }) => ` = 0x${hexDigits(status)}`,
  },
});

/** 0B (AP, clause 6.9). */
const getCommEventCounter = sheet<Code['GetCommEventCounter'], Nothing, EventCounter>({
  code: FunctionCode.GetCommEventCounter,
  name: 'get comm event counter',
  request: BARE,
  reply: {
    length: { base: 5 },
    decode: (pdu): EventCounter => ({ status: readUint16(pdu, 1), eventCount: readUint16(pdu, 3) }),
    encode: ({ status, eventCount }, pdu) => pdu.word(status, ['status']).word(eventCount, ['eventCount']),
    describe: ({ status, eventCount }) => ` = ${eventCount} events, ${statusWord(status)}`,
  },
});

/** 0C (AP, clause 6.10). */
const getCommEventLog = sheet<Code['GetCommEventLog'], Nothing, EventLog>({
  code: FunctionCode.GetCommEventLog,
  name: 'get comm event log',
  request: BARE,
  reply: {
    length: COUNTED_LENGTH,
    decode(pdu): EventLog | undefined {
      if (pdu[1] < LOG_HEADER_LENGTH) return undefined;
      return {
        status: readUint16(pdu, 2),
        eventCount: readUint16(pdu, 4),
        messageCount: readUint16(pdu, 6),
        events: [...pdu.subarray(2 + LOG_HEADER_LENGTH)],
      };
    },
    encode({ status, eventCount, messageCount, events }, pdu) {
      checkCount(events, 0, MAX_EVENTS, ['events']);
      pdu.byte(LOG_HEADER_LENGTH + events.length, ['events']).word(status, ['status']);
      pdu.word(eventCount, ['eventCount']).word(messageCount, ['messageCount']);
      events.forEach((event, i) => void pdu.byte(event, ['events', i]));
    },
    describe({ status, eventCount, messageCount, events }) {
      return ` = ${eventCount} events, ${messageCount} messages, ${statusWord(status)}, log ${hexBytes(events)}`;
    },
  },
});

function statusWord(status: number): string {
  if (status === STATUS_READY) return 'ready';
  return status === STATUS_BUSY ? 'busy' : `status ${hexWord(status)}`;
}

/** 11 (AP, clause 6.13). Each device has its own form of data, but most of it is text. */
const reportServerId = sheet<Code['ReportServerId'], Nothing, ServerId>({
  code: FunctionCode.ReportServerId,
  name: 'report server id',
  request: BARE,
  reply: {
    length: COUNTED_LENGTH,
    decode: (pdu): ServerId => ({ data: pdu.slice(2) }),
    encode({ data }, pdu) {
      const bytes = checkBytes(data, MAX_PDU_LENGTH - 2, ['data']);
      pdu.byte(bytes.length, ['data']).bytes(bytes);
    },
    describe: ({ data }) => ` = ${escapedBytes(data)}`,
  },
});

export const status: readonly StatusSheet[] = [
  readExceptionStatus,
  getCommEventCounter,
  getCommEventLog,
  reportServerId,
];
