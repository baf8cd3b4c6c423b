import { BLOCKS, FILES, READ_ONLY } from '../conformance/device.js';
import { byte, text, toHex, word } from './hex.js';
import { identify } from './reference-identification.js';

/**
 * A second, slow and plain opinion of what the device under test answers, written from the protocol document: the whole
 * reply as hex, a pattern where the reply counts traffic, or undefined for silence.
 */
export type Expected = string | RegExp | undefined;

/** Data of a reply, or the exception code that refuses the request. */
type Outcome = string | number;
type Cells = Map<string, number>;

interface Block {
  start: number;
  values: readonly (number | boolean)[];
}

const COUNTER_SUB_FUNCTIONS = [0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12];
const ECHOING_SUB_FUNCTIONS = [0x02, 0x0a, 0x14];

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

function fill(cells: Cells, table: string, { start, values }: Block): void {
  values.forEach((value, index) => {
    cells.set(`${table}/${start + index}`, Number(value));
  });
}

export class ReferenceDevice {
  /** Every readable cell: `coils/19`, `file4/7`. */
  readonly cells: Cells = new Map();
  #listenOnly = false;

  constructor() {
    for (const block of BLOCKS.coils) fill(this.cells, 'coils', block);
    for (const block of BLOCKS.holdingRegisters) fill(this.cells, 'holdingRegisters', block);
    for (const block of READ_ONLY.discreteInputs) fill(this.cells, 'discreteInputs', block);
    for (const block of READ_ONLY.inputRegisters) fill(this.cells, 'inputRegisters', block);
    for (const file of FILES) fill(this.cells, `file${file.number}`, file);
  }

  /** What the request gets; a valid write changes the cells. */
  answer(pdu: Uint8Array): Expected {
    if (this.#listenOnly) {
      this.#listenOnly = !['0800010000', '080001FF00'].includes(toHex(pdu));
      return undefined;
    }
    const code = pdu[0] ?? 0;
    const outcome = this.#outcome(code, pdu);
    if (outcome instanceof RegExp || outcome === undefined) return outcome;
    return typeof outcome === 'number' ? byte(code | 0x80) + byte(outcome) : byte(code) + outcome;
  }

  #outcome(code: number, pdu: Uint8Array): Outcome | RegExp | undefined {
    switch (code) {
      case 0x01:
        return this.#readBits('coils', pdu);
      case 0x02:
        return this.#readBits('discreteInputs', pdu);
      case 0x03:
        return this.#readRegisters('holdingRegisters', pdu);
      case 0x04:
        return this.#readRegisters('inputRegisters', pdu);
      case 0x05:
        return this.#writeCoil(pdu);
      case 0x06:
        return pdu.length === 5
          ? this.#write('holdingRegisters', uint16(pdu, 1), [uint16(pdu, 3)], toHex(pdu.subarray(1)))
          : 3;
      case 0x07:
        return pdu.length === 1 ? '6D' : 3;
      case 0x08:
        return this.#diagnostics(pdu);
      case 0x0b:
        return pdu.length === 1 ? /^0B0000[0-9A-F]{4}$/ : 3;
      case 0x0c:
        return pdu.length === 1 ? /^0C[0-9A-F]{2}0000([0-9A-F]{2}){4,68}$/ : 3;
      case 0x0f:
        return this.#writeCoils(pdu);
      case 0x10:
        return this.#writeRegisters(pdu);
      case 0x11:
        return pdu.length === 1 ? `0611FF${text('text')}` : 3;
      case 0x14:
        return this.#readFile(pdu);
      case 0x15:
        return this.#writeFile(pdu);
      case 0x16:
        return this.#maskWrite(pdu);
      case 0x17:
        return this.#readWrite(pdu);
      case 0x18:
        return readFifo(pdu);
      case 0x2b:
        return identify(pdu);
      default:
        return 1;
    }
  }

  #range(table: string, start: number, quantity: number): number[] | undefined {
    const values = Array.from({ length: quantity }, (_, index) => this.cells.get(`${table}/${start + index}`));
    return values.every((value) => value !== undefined) ? values : undefined;
  }

  #write(table: string, start: number, values: number[], reply: string): Outcome {
    if (this.#range(table, start, values.length) === undefined) return 2;
    fill(this.cells, table, { start, values });
    return reply;
  }

  #readBits(table: string, pdu: Uint8Array): Outcome {
    const quantity = uint16(pdu, 3);
    if (pdu.length !== 5 || quantity < 1 || quantity > 2000) return 3;
    const values = this.#range(table, uint16(pdu, 1), quantity);
    if (values === undefined) return 2;
    const packed = new Uint8Array(Math.ceil(quantity / 8));
    values.forEach((value, index) => {
      if (value === 1) packed[Math.floor(index / 8)] = (packed[Math.floor(index / 8)] ?? 0) + 2 ** (index % 8);
    });
    return byte(packed.length) + toHex(packed);
  }

  #readRegisters(table: string, pdu: Uint8Array): Outcome {
    const quantity = uint16(pdu, 3);
    if (pdu.length !== 5 || quantity < 1 || quantity > 125) return 3;
    const values = this.#range(table, uint16(pdu, 1), quantity);
    return values === undefined ? 2 : byte(2 * quantity) + values.map(word).join('');
  }

  #writeCoil(pdu: Uint8Array): Outcome {
    const value = uint16(pdu, 3);
    if (pdu.length !== 5 || (value !== 0 && value !== 0xff00)) return 3;
    return this.#write('coils', uint16(pdu, 1), [value === 0 ? 0 : 1], toHex(pdu.subarray(1)));
  }

  #writeCoils(pdu: Uint8Array): Outcome {
    const quantity = uint16(pdu, 3);
    const bytes = pdu.subarray(6);
    if (pdu.length < 6 || quantity < 1 || quantity > 1968) return 3;
    if (pdu[5] !== Math.ceil(quantity / 8) || pdu[5] !== bytes.length) return 3;
    const values = Array.from(
      { length: quantity },
      (_, index) => Math.floor((bytes[Math.floor(index / 8)] ?? 0) / 2 ** (index % 8)) % 2,
    );
    return this.#write('coils', uint16(pdu, 1), values, toHex(pdu.subarray(1, 5)));
  }

  #writeRegisters(pdu: Uint8Array): Outcome {
    const quantity = uint16(pdu, 3);
    if (pdu.length < 6 || quantity < 1 || quantity > 123 || pdu[5] !== 2 * quantity || pdu.length !== 6 + 2 * quantity)
      return 3;
    return this.#write('holdingRegisters', uint16(pdu, 1), registers(pdu, 6, quantity), toHex(pdu.subarray(1, 5)));
  }

  #maskWrite(pdu: Uint8Array): Outcome {
    if (pdu.length !== 7) return 3;
    const address = uint16(pdu, 1);
    const old = this.cells.get(`holdingRegisters/${address}`) ?? 0;
    const and = uint16(pdu, 3);
    const value = (old & and) | (uint16(pdu, 5) & (0xffff - and));
    return this.#write('holdingRegisters', address, [value], toHex(pdu.subarray(1)));
  }

  #readWrite(pdu: Uint8Array): Outcome {
    const [readStart, readQuantity, writeStart, writeQuantity] = [1, 3, 5, 7].map((at) => uint16(pdu, at)) as [
      number,
      number,
      number,
      number,
    ];
    if (pdu.length < 10 || readQuantity < 1 || readQuantity > 125 || writeQuantity < 1 || writeQuantity > 121) return 3;
    if (pdu[9] !== 2 * writeQuantity || pdu.length !== 10 + 2 * writeQuantity) return 3;
    if (this.#range('holdingRegisters', readStart, readQuantity) === undefined) return 2;
    if (this.#write('holdingRegisters', writeStart, registers(pdu, 10, writeQuantity), '') === 2) return 2;
    const values = this.#range('holdingRegisters', readStart, readQuantity) ?? [];
    return byte(2 * readQuantity) + values.map(word).join('');
  }

  #diagnostics(pdu: Uint8Array): Outcome | RegExp | undefined {
    if (pdu.length < 3) return 3;
    const subFunction = uint16(pdu, 1);
    const data = toHex(pdu.subarray(3));
    const echo = toHex(pdu.subarray(1));
    if (subFunction === 0x00) return pdu.length % 2 === 1 ? echo : 3;
    if (subFunction === 0x01) return data === '0000' || data === 'FF00' ? echo : 3;
    if (subFunction === 0x03) return /^..00$/.test(data) ? echo : 3;
    if (subFunction === 0x04 && data === '0000') {
      this.#listenOnly = true;
      return undefined;
    }
    if (ECHOING_SUB_FUNCTIONS.includes(subFunction)) return data === '0000' ? echo : 3;
    if (COUNTER_SUB_FUNCTIONS.includes(subFunction))
      return data === '0000' ? new RegExp(`^08${word(subFunction)}[0-9A-F]{4}$`) : 3;
    return subFunction === 0x04 ? 3 : 1;
  }

  #readFile(pdu: Uint8Array): Outcome {
    const groups = pdu.subarray(2);
    const count = pdu[1] ?? 0;
    if (count !== groups.length || count < 7 || count > 0xf5 || count % 7 !== 0) return 3;
    const parts = Array.from({ length: count / 7 }, (_, index) => groupAt(groups, 7 * index));
    if (parts.some(({ length }) => length === 0)) return 3;
    const size = parts.reduce((sum, { length }) => sum + 2 + 2 * length, 0);
    if (size > 251) return 3;
    const values = parts.map(({ type, file, record, length }) =>
      type === 6 ? this.#range(`file${file}`, record, length) : undefined,
    );
    if (values.includes(undefined)) return 2;
    return (
      byte(size) + values.map((list) => `${byte(1 + 2 * (list?.length ?? 0))}06${list?.map(word).join('')}`).join('')
    );
  }

  #writeFile(pdu: Uint8Array): Outcome {
    const data = pdu.subarray(2);
    const count = pdu[1] ?? 0;
    if (count !== data.length || count < 9 || count > 0xfb) return 3;
    const parts = [];
    for (let at = 0; at < data.length; ) {
      const group = groupAt(data, at);
      if (at + 7 + 2 * group.length > data.length || group.length === 0) return 3;
      parts.push({ ...group, values: registers(data, at + 7, group.length) });
      at += 7 + 2 * group.length;
    }
    if (
      parts.some(
        ({ type, file, record, length }) => type !== 6 || this.#range(`file${file}`, record, length) === undefined,
      )
    )
      return 2;
    for (const { file, record, values } of parts) fill(this.cells, `file${file}`, { start: record, values });
    return toHex(pdu.subarray(1));
  }
}

function registers(bytes: Uint8Array, at: number, quantity: number): number[] {
  return Array.from({ length: quantity }, (_, index) => uint16(bytes, at + 2 * index));
}

function groupAt(bytes: Uint8Array, at: number): { type: number; file: number; record: number; length: number } {
  return {
    type: bytes[at] ?? 0,
    file: uint16(bytes, at + 1),
    record: uint16(bytes, at + 3),
    length: uint16(bytes, at + 5),
  };
}

function readFifo(pdu: Uint8Array): Outcome {
  if (pdu.length !== 3) return 3;
  const values = READ_ONLY.fifos.find(({ pointer }) => pointer === uint16(pdu, 1))?.values;
  if (values === undefined) return 2;
  return values.length > 31 ? 3 : word(2 + 2 * values.length) + word(values.length) + values.map(word).join('');
}
