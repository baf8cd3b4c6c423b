import type { DraftPoint } from '../../draft/draft.js';
import type { Delimiter } from './table.js';

/** A cell does not say what its column needs. The message continues `expected …`. */
export class CellError extends Error {
  override name = 'CellError';
}

/** Types as people write them, besides Busbar's own. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'bool boolean bit coil digital binary',
  int16: 'int16 i16 s16 sint16 short int integer signed signed16 16bitsigned 16bitint',
  uint16: 'uint16 u16 ushort uint word unsigned unsigned16 16bitunsigned 16bituint register enum enum16',
  int32: 'int32 i32 s32 sint32 dint long signed32 32bitsigned 32bitint',
  uint32: 'uint32 u32 udint dword ulong unsigned32 32bitunsigned 32bituint enum32',
  int64: 'int64 i64 s64 sint64 lint signed64 64bitsigned 64bitint',
  uint64: 'uint64 u64 ulint lword unsigned64 64bitunsigned 64bituint',
  float32: 'float32 f32 float real single 32bitfloat ieee754',
  float64: 'float64 f64 double lreal 64bitfloat',
  string: 'string text ascii str char chars',
  bcd: 'bcd',
  bits: 'bits bitfield bitfield16 bitmap bitmask bitstring flags',
  unixTime: 'unixtime unix epoch timestamp',
  raw: 'raw bytes hex',
};

const KNOWN_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).flatMap(([type, names]) => names.split(' ').map((name): [string, string] => [name, type])),
);

export function readType(text: string): string {
  const type = KNOWN_TYPES.get(text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (type !== undefined) return type;
  throw new CellError(`expected a type, one of ${Object.keys(TYPES).join(', ')}; found ${JSON.stringify(text)}`);
}

/** Orders as people write them, besides Busbar's own. */
const ORDERS: ReadonlyMap<string, string> = new Map([
  ...['abcd', 'big', 'be', 'bigendian', 'mswfirst', 'msb', 'highlow'].map((name) => [name, 'ABCD'] as const),
  ...['dcba', 'little', 'le', 'littleendian', 'lsb'].map((name) => [name, 'DCBA'] as const),
  ...['cdab', 'wordswap', 'wordswapped', 'lswfirst', 'lowhigh', 'swapped'].map((name) => [name, 'CDAB'] as const),
  ...['badc', 'byteswap', 'byteswapped'].map((name) => [name, 'BADC'] as const),
]);

export function readOrder(text: string): string {
  const order = ORDERS.get(text.toLowerCase().replace(/[^a-z]/g, ''));
  if (order !== undefined) return order;
  throw new CellError(`expected ABCD, CDAB, BADC or DCBA, found ${JSON.stringify(text)}`);
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const HEX = /^0x[0-9a-f]+$/i;

/**
 * Reads a number, with a decimal point or comma. Where commas part the cells, 1,234 could be a thousand and more.
 */
export function readNumber(text: string, delimiter: Delimiter): number | bigint {
  if (HEX.test(text)) return exact(text);
  if (delimiter === ',' && /^[+-]?\d+,\d{3}$/.test(text)) {
    throw new CellError(`has two meanings: ${text.replace(',', '.')}, or ${text.replace(',', '')}; write one of them`);
  }
  const point = /^[^.]*,[^.,]*$/.test(text) ? text.replace(',', '.') : text;
  if (!NUMBER.test(point)) throw new CellError(`expected a number, found ${JSON.stringify(text)}`);
  return /^[+-]?\d+$/.test(point) ? exact(point.replace(/^\+/, '')) : Number(point);
}

/** Whole numbers beyond 2^53 stay what they are. */
function exact(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

export function readInteger(text: string, delimiter: Delimiter): number {
  const number = readNumber(text, delimiter);
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new CellError(`expected a whole number, found ${JSON.stringify(text)}`);
}

const YES = ['1', 'true', 'yes', 'y', 'on', 'x', 'wahr', 'ja'];
const NO = ['0', 'false', 'no', 'n', 'off', '-', 'falsch', 'nein'];

export function readSwitch(text: string): boolean {
  const word = text.toLowerCase();
  if (YES.includes(word) || NO.includes(word)) return YES.includes(word);
  throw new CellError(`expected true or false, found ${JSON.stringify(text)}`);
}

/** Whether clients may write. */
export function readAccess(text: string): boolean {
  const word = text.toLowerCase().replace(/[^a-z]/g, '');
  if (['r', 'ro', 'read', 'readonly'].includes(word)) return false;
  if (['rw', 'wr', 'w', 'wo', 'readwrite', 'readandwrite', 'write', 'writeonly', 'writable'].includes(word))
    return true;
  throw new CellError(`expected R or RW, found ${JSON.stringify(text)}`);
}

/** `0=off, 1=auto`, with `=` or `:`, parted by commas, semicolons, bars or line feeds. */
export function readLabels(text: string): ReadonlyMap<number, string> {
  const labels = new Map<number, string>();
  for (const part of text.split(/[,;|\n]\s*(?=(?:0x[0-9a-f]+|-?\d+)\s*[=:])/i)) {
    const [, number = '', label = ''] = /^\s*(0x[0-9a-f]+|-?\d+)\s*[=:]\s*(.*?)[\s,;|]*$/is.exec(part) ?? [];
    if (label === '') throw new CellError(`expected labels, such as 0=off, 1=auto; found ${JSON.stringify(part)}`);
    if (labels.has(Number(number))) throw new CellError(`has two labels for ${number}`);
    labels.set(Number(number), label);
  }
  return labels;
}

/** Tables as people write them. */
const TABLES: Readonly<Record<string, string>> = {
  coil: 'coil coils co 0x 0xxxx do digitaloutput outputcoil',
  discrete: 'discrete discreteinput discreteinputs di 1x 1xxxx digitalinput',
  input: 'input inputregister inputregisters ir 3x 3xxxx analoginput',
  holding: 'holding holdingregister holdingregisters hr 4x 4xxxx analogoutput',
};

const KNOWN_TABLES: ReadonlyMap<string, string> = new Map(
  Object.entries(TABLES).flatMap(([table, names]) => names.split(' ').map((name): [string, string] => [name, table])),
);

export function readTableName(text: string): string {
  const table = KNOWN_TABLES.get(text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (table !== undefined) return table;
  throw new CellError(`expected coil, discrete, input or holding, found ${JSON.stringify(text)}`);
}

/** Functions that read or write each table. */
const FUNCTIONS: ReadonlyMap<number, string> = new Map([
  ...[1, 5, 15].map((code) => [code, 'coil'] as const),
  [2, 'discrete'],
  ...[3, 6, 16, 22, 23].map((code) => [code, 'holding'] as const),
  [4, 'input'],
]);

/** The table of a function code, or of the first of several: `03`, `3/6/16`, `0x04`. */
export function readFunction(text: string): string {
  const [code = ''] = /0x[0-9a-f]+|\d+/i.exec(text) ?? [];
  const table = FUNCTIONS.get(Number(code));
  if (code !== '' && table !== undefined) return table;
  throw new CellError(`expected a function code of a table, such as 3 or 0x04; found ${JSON.stringify(text)}`);
}

/** What an initial value depends on. */
interface Shape {
  readonly at: string;
  readonly type?: string | undefined;
  readonly labels?: DraftPoint['labels'] | undefined;
}

/** An initial value, as its type is written. */
export function readValue(text: string, point: Shape, delimiter: Delimiter): NonNullable<DraftPoint['value']> {
  const { at, labels } = point;
  const type = point.type ?? (/^(coil|discrete)|\./.test(at) ? 'bool' : 'uint16');
  if (type === 'bits') return text.split(/\s*[,;|]\s*/).filter((name) => name !== '');
  if (type === 'raw') return text.split(/[\s,;|]+/).map((register) => readInteger(register, delimiter));
  if (type === 'bool') return readSwitch(text);
  return type === 'string' || labels !== undefined ? text : readNumber(text, delimiter);
}
