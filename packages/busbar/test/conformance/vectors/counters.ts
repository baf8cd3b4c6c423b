/** Answers any access to register n with exception n. */
export const REFUSING_UNIT_ID = 3;

const DEVICE = 1;
const OTHER = 247;
const READ: [number, string] = [DEVICE, 'fc:03 start:0000 quantity:0001'];
const WRITE: [number, string] = [DEVICE, 'fc:06 address:0000 value:0001'];
const OUTSIDE: [number, string] = [DEVICE, 'fc:03 start:FFFF quantity:0002'];
const WRONG: [number, string] = [DEVICE, 'fc:03 start:0000 quantity:0000'];
const UNSUPPORTED: [number, string] = [DEVICE, 'fc:41'];
const ELSEWHERE: [number, string] = [OTHER, 'fc:03 start:0000 quantity:0001'];
const REFUSED_ELSEWHERE: [number, string] = [OTHER, 'fc:03 start:0001 quantity:0001'];
const POLLS: [number, string][] = [
  [DEVICE, 'fc:0B'],
  [DEVICE, 'fc:0C'],
];

function refused(code: string): [number, string] {
  return [REFUSING_UNIT_ID, `fc:03 start:00${code} quantity:0001`];
}

/** A counter read by `request`, before and after `traffic`, differs by `by`. Reading it is a message, too. */
export interface CountVector {
  title: string;
  unit?: number;
  request: string;
  traffic: [number, string][];
  by: number;
}

const BUS_MESSAGES = 'fc:08 subFunction:000B data:0000';
const COMMUNICATION_ERRORS = 'fc:08 subFunction:000C data:0000';
const EXCEPTIONS = 'fc:08 subFunction:000D data:0000';
const UNIT_MESSAGES = 'fc:08 subFunction:000E data:0000';
const NO_RESPONSE = 'fc:08 subFunction:000F data:0000';
const NAK = 'fc:08 subFunction:0010 data:0000';
const BUSY = 'fc:08 subFunction:0011 data:0000';
const OVERRUNS = 'fc:08 subFunction:0012 data:0000';
const EVENTS_COUNTED = 'fc:0B';

export const COUNTS: CountVector[] = [
  { title: '08/0B counts messages to this unit', request: BUS_MESSAGES, traffic: [READ, WRITE, OUTSIDE], by: 4 },
  {
    title: '08/0B counts messages to other units',
    request: BUS_MESSAGES,
    traffic: [ELSEWHERE, ELSEWHERE, REFUSED_ELSEWHERE],
    by: 4,
  },
  {
    title: '08/0C counts no refused message',
    request: COMMUNICATION_ERRORS,
    traffic: [READ, OUTSIDE, WRONG, UNSUPPORTED],
    by: 0,
  },
  {
    title: '08/0D counts exceptions sent, whatever their code',
    request: EXCEPTIONS,
    traffic: [READ, OUTSIDE, WRONG, UNSUPPORTED],
    by: 3,
  },
  {
    title: '08/0D counts no exception of another unit',
    request: EXCEPTIONS,
    traffic: [REFUSED_ELSEWHERE, refused('06')],
    by: 0,
  },
  {
    title: '08/0D counts exceptions that a handler asked for',
    unit: REFUSING_UNIT_ID,
    request: EXCEPTIONS,
    traffic: [refused('04'), refused('06'), refused('07'), refused('08')],
    by: 4,
  },
  {
    title: '08/0E counts messages to this unit only',
    request: UNIT_MESSAGES,
    traffic: [READ, ELSEWHERE, OUTSIDE, ELSEWHERE],
    by: 3,
  },
  {
    title: '08/0F counts no message that was answered',
    request: NO_RESPONSE,
    traffic: [READ, OUTSIDE, UNSUPPORTED],
    by: 0,
  },
  {
    title: '08/10 counts NAK exceptions (07)',
    unit: REFUSING_UNIT_ID,
    request: NAK,
    traffic: [refused('07'), refused('06'), refused('07')],
    by: 2,
  },
  {
    title: '08/11 counts busy exceptions (06)',
    unit: REFUSING_UNIT_ID,
    request: BUSY,
    traffic: [refused('06'), refused('04'), refused('07')],
    by: 1,
  },
  { title: '08/12 counts no overrun where there is none', request: OVERRUNS, traffic: [READ, OUTSIDE], by: 0 },
  { title: '0B counts each completed message', request: EVENTS_COUNTED, traffic: [READ, WRITE, READ], by: 3 },
  { title: '0B counts no exception', request: EVENTS_COUNTED, traffic: [READ, OUTSIDE, WRONG, UNSUPPORTED], by: 1 },
  { title: '0B counts no poll of 0B and 0C', request: EVENTS_COUNTED, traffic: [...POLLS, ...POLLS], by: 0 },
  { title: '0B counts diagnostics', request: EVENTS_COUNTED, traffic: [[DEVICE, UNIT_MESSAGES]], by: 1 },
  { title: "0B counts no other unit's messages", request: EVENTS_COUNTED, traffic: [ELSEWHERE, ELSEWHERE], by: 0 },
];

/** The events, oldest first as a pattern, that `traffic` leaves in a log that was cleared before. */
export interface EventVector {
  title: string;
  unit?: number;
  traffic: [number, string][];
  events: string;
}

export const EVENTS: EventVector[] = [
  { title: 'logs a receive and a send event per message', traffic: [READ, WRITE], events: '80408040' },
  {
    title: 'sets bit 0 of the send event for the exceptions 01, 02 and 03',
    traffic: [UNSUPPORTED, OUTSIDE, WRONG],
    events: '804180418041',
  },
  { title: 'sets bit 1 for exception 04', unit: REFUSING_UNIT_ID, traffic: [refused('04')], events: '8042' },
  {
    title: 'sets bit 2 for the exceptions 05 and 06',
    unit: REFUSING_UNIT_ID,
    traffic: [refused('05'), refused('06')],
    events: '80448044',
  },
  { title: 'sets bit 3 for exception 07', unit: REFUSING_UNIT_ID, traffic: [refused('07')], events: '8048' },
  { title: 'sets no bit for other exceptions', unit: REFUSING_UNIT_ID, traffic: [refused('08')], events: '8040' },
  { title: "logs no other unit's messages", traffic: [ELSEWHERE, READ, ELSEWHERE], events: '8040' },
];
