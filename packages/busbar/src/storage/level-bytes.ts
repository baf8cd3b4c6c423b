/** A file of a LevelDB is not as it was written. */
export class LevelDamage extends Error {}

/** CRC-32C of each byte. */
const CRCS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
  return crc;
});

/** The CRC-32C of bytes, turned and with a constant added, as LevelDB stores it. */
export function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRCS[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Reads, one after another, what LevelDB has packed into bytes. Numbers above 2^53 are not exact. */
export class LevelReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (!(end <= this.#bytes.length)) throw new LevelDamage('ends too early');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** @param size in bytes; the least significant comes first. */
  fixed(size: number): number {
    return this.take(size).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  /** Seven bits a byte, the least significant first; the eighth says that more follow. */
  varint(): number {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.fixed(1);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}
