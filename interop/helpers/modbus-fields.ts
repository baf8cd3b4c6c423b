import type { Entry } from './command-log.js';
import type { Fields } from './tshark.js';

/** What the log of `busbar monitor` says of a frame, as far as it is looked at here. */
interface Logged {
  kind: 'request' | 'reply';
  unit: number;
  functionCode: number;
  exceptionCode?: number;
  subFunction?: number;
  address?: number;
  quantity?: number;
  values: number[];
  writeAddress?: number;
  andMask?: number;
  orMask?: number;
  groups: { file?: number; record?: number; length: number; values?: number[] }[];
  status?: number;
  eventCount?: number;
  messageCount?: number;
  events: number[];
  code?: number;
  objectId?: number;
  objects: { id: number; text: string }[];
  data?: string;
}

const NOTHING = { values: [], groups: [], events: [], objects: [] };

/** The fields that tshark has to find in a frame of a line, by what the log of the monitor says of it. */
export function fieldsOf(entry: Entry): Fields {
  const frame: Logged = { ...NOTHING, ...(entry as Entry & Logged) };
  const { unit, functionCode, exceptionCode } = frame;
  const common = { 'mbrtu.unit_id': decimal(unit), 'mbrtu.crc16.status': ['1'] };
  const details = exceptionCode === undefined ? detailsOf(frame) : { exception_code: decimal(exceptionCode) };
  return { ...common, ...modbus({ func_code: decimal(functionCode), ...details }) };
}

function modbus(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [`modbus.${name}`, values]));
}

function detailsOf(frame: Logged): Fields {
  const details = frame.kind === 'request' ? REQUESTS[frame.functionCode] : REPLIES[frame.functionCode];
  return details?.(frame) ?? { data: lower(frame.data) };
}

type Details = (frame: Logged) => Fields;

const bitRange: Details = ({ address, quantity }) => ({ reference_num: decimal(address), bit_cnt: decimal(quantity) });
const wordRange: Details = ({ address, quantity }) => ({
  reference_num: decimal(address),
  word_cnt: decimal(quantity),
});
const singleCoil: Details = ({ address, values }) => ({
  reference_num: decimal(address),
  data: values.map((value) => (value === 1 ? 'ff00' : '0000')),
});
const singleRegister: Details = ({ address, values }) => ({ reference_num: decimal(address), data: [words(values)] });
const masks: Details = ({ address, andMask, orMask }) => ({
  reference_num: decimal(address),
  and_mask: [`0x${word(andMask)}`],
  or_mask: [`0x${word(orMask)}`],
});
const fileWrite: Details = ({ groups }) => ({
  reference_num_32: groups.map(({ file = 0, record = 0 }) => String(file * 0x1_0000 + record)),
  word_cnt: groups.map(({ length }) => String(length)),
  ...(groups[0].values && { data: groups.map(({ values = [] }) => words(values)) }),
});
const bits: Details = ({ address = 0, values }) => ({
  bitnum: values.map((_, i) => String(address + i)),
  bitval: values.map(String),
});
const registers: Details = ({ address = 0, values }) => ({
  regnum16: values.map((_, i) => String(address + i)),
  regval_uint16: values.map(String),
});

const REQUESTS: Readonly<Record<number, Details>> = {
  1: bitRange,
  2: bitRange,
  3: wordRange,
  4: wordRange,
  5: singleCoil,
  6: singleRegister,
  8: ({ subFunction }) => ({ diagnostic_code: decimal(subFunction) }),
  15: bitRange,
  16: (frame) => ({ ...wordRange(frame), ...registers(frame) }),
  20: fileWrite,
  21: fileWrite,
  22: masks,
  23: ({ address, quantity, writeAddress, values }) => ({
    read_reference_num: decimal(address),
    read_word_cnt: decimal(quantity),
    write_reference_num: decimal(writeAddress),
    write_word_cnt: decimal(values.length),
    data: [words(values)],
  }),
  24: ({ address }) => ({ reference_num: decimal(address) }),
  43: ({ subFunction, code, objectId }) => ({
    mei: decimal(subFunction),
    read_device_id: decimal(code),
    object_id: decimal(objectId),
  }),
};

const REPLIES: Readonly<Record<number, Details>> = {
  1: bits,
  2: bits,
  3: registers,
  4: registers,
  5: singleCoil,
  6: singleRegister,
  7: ({ status = 0 }) => ({ data: [status.toString(16).padStart(2, '0')] }),
  8: ({ subFunction }) => ({ diagnostic_code: decimal(subFunction) }),
  11: ({ status, eventCount }) => ({ ev_status: [`0x${word(status)}`], ev_count: decimal(eventCount) }),
  12: ({ status, eventCount, messageCount, events }) => ({
    ev_status: [`0x${word(status)}`],
    ev_count: decimal(eventCount),
    ev_msg_count: decimal(messageCount),
    event: events.map(String),
  }),
  15: bitRange,
  16: wordRange,
  // tshark has the length of the id in it.
  17: ({ data = '' }) => ({ data: [`${(data.length / 2).toString(16).padStart(2, '0')}${lower(data)[0]}`] }),
  20: ({ groups }) => ({ data: groups.map(({ values = [] }) => words(values)) }),
  21: fileWrite,
  22: masks,
  23: ({ values }) => ({ data: [words(values)] }),
  24: ({ values }) => ({ word_cnt: decimal(values.length), data: [words(values)] }),
  43: ({ subFunction, code, objects }) => ({
    mei: decimal(subFunction),
    read_device_id: decimal(code),
    object_id: objects.map(({ id }) => String(id)),
    object_str_value: objects.map(({ text }) => text),
  }),
};

function decimal(value: number | undefined): string[] {
  return [String(value)];
}

function word(value = 0): string {
  return value.toString(16).padStart(4, '0');
}

function words(values: number[]): string {
  return values.map(word).join('');
}

function lower(hex = ''): string[] {
  return [hex.toLowerCase()];
}
