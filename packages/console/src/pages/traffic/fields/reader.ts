/** A part of a message: its bytes, what they are, and what they say. */
export interface MessageField {
  readonly bytes: string;
  readonly name: string;
  readonly meaning: string;
}

/** Registers of a field, where there are many. */
const ROW = 8;

/** Reads a PDU from its beginning, and notes each field. What is missing at the end of a PDU is said, and reads as 0. */
export class PduReader {
  readonly fields: MessageField[] = [];
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param pdu hexadecimal digits. */
  constructor(pdu: string) {
    this.#bytes = Uint8Array.from(pdu.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(name: string, say: (value: number) => string = String): number {
    return this.#number(name, 1, say);
  }

  word(name: string, say: (value: number) => string = String): number {
    return this.#number(name, 2, say);
  }

  /** @param count how many bytes; by default, all that are left. Without any, there is no such field. */
  bytes(name: string, say: (bytes: Uint8Array) => string, count = this.left): void {
    if (count > 0 || this.left > 0) this.#take(name, count, say);
  }

  /** @param count how many bytes; by default, all that are left. */
  registers(name: string, count = this.left): void {
    this.bytes(name, (bytes) => wordsOf(bytes).join(', '), count);
  }

  /** All that is left, as registers from an address on; of many, some in each field. */
  registersFrom(first: number, name: string): void {
    const isMany = this.left > 2 * ROW;
    if (!isMany) this.registers(name);
    for (let address = first; this.left > 0; address += ROW) {
      const count = Math.min(this.left, 2 * ROW);
      this.registers(`${name} ${address}..${address + (count >> 1) - 1}`, count);
    }
  }

  #number(name: string, size: number, say: (value: number) => string): number {
    let number = 0;
    this.#take(name, size, (bytes) => {
      number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
      return say(number);
    });
    return number;
  }

  #take(name: string, count: number, say: (bytes: Uint8Array) => string): void {
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += taken.length;
    const isWhole = taken.length === count;
    const meaning = isWhole ? say(taken) : `cut short: ${taken.length} of ${count} bytes`;
    this.fields.push({ bytes: digitsOf(taken), name, meaning });
  }
}

/** Big-endian words; an odd byte at the end is left out. */
function wordsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0));
}

function digitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
