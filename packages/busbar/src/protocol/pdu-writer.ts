import { checkArray, checkInteger, checkObject, type Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import { bitBytes, packBits } from './bits.js';
import { MAX_PDU_LENGTH } from './limits.js';

/** What a byte count can say. */
const MAX_COUNTED = 0xff;

/** Writes a PDU from front to back. A value that doesn't fit throws an OptionsError with the path of its field. */
export class PduWriter {
  readonly #bytes: number[] = [];

  byte(value: unknown, path: Path, min = 0, max = 0xff): this {
    this.#bytes.push(checkInteger(value, min, max, path));
    return this;
  }

  word(value: unknown, path: Path, min = 0, max = 0xffff): this {
    const word = checkInteger(value, min, max, path);
    this.#bytes.push(word >> 8, word & 0xff);
    return this;
  }

  /** Registers, 0..65535 each. */
  words(values: readonly unknown[], path: Path): this {
    values.forEach((value, i) => void this.word(value, [...path, i]));
    return this;
  }

  /** Bits, 0 or 1 each, eight to a byte. */
  bits(values: readonly unknown[], path: Path): this {
    const bits = Uint8Array.from(values, (value, i) => checkInteger(value, 0, 1, [...path, i]));
    const bytes = new Uint8Array(bitBytes(bits.length));
    packBits(bits, 0, bits.length, bytes, 0);
    return this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    this.#bytes.push(...bytes);
    return this;
  }

  /** A byte count, and the bytes that `write` writes. */
  counted(write: (pdu: PduWriter) => unknown, path: Path): this {
    const content = new PduWriter();
    write(content);
    const { length } = content.#bytes;
    if (length > MAX_COUNTED) throw new OptionsError(path, `expected at most ${MAX_COUNTED} bytes, found ${length}`);
    return this.byte(length, path).bytes(Uint8Array.from(content.#bytes));
  }

  finish(): Uint8Array {
    if (this.#bytes.length > MAX_PDU_LENGTH) throw new OptionsError([], tooLong(this.#bytes.length));
    return Uint8Array.from(this.#bytes);
  }
}

function tooLong(length: number): string {
  return `expected fields that fit in a PDU of ${MAX_PDU_LENGTH} bytes, found ${length} bytes`;
}

/** Checks the number of items of an array. Holes become undefined, which no item may be. @throws OptionsError */
export function checkCount<Item>(items: readonly Item[], min: number, max: number, path: Path): readonly Item[] {
  const { length } = checkArray(items, path);
  if (length >= min && length <= max) return Array.from(items);
  const amount = min === max ? String(min) : `${min} to ${max}`;
  throw new OptionsError(path, `expected ${amount} ${max === 1 ? 'item' : 'items'}, found ${length}`);
}

/** The same for items that have fields. */
export function checkRecords<Item>(items: readonly Item[], min: number, max: number, path: Path): readonly Item[] {
  const checked = checkCount(items, min, max, path);
  for (const [i, item] of checked.entries()) checkObject(item, [...path, i]);
  return checked;
}
