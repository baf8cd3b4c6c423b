/** An address and a PDU with their CRC. */
export function sealed(...bytes: number[]): Buffer {
  const crc = crc16(bytes);
  return Buffer.from([...bytes, crc & 0xff, crc >> 8]);
}

/** The registers that hold these bytes, of an even number. */
export function registersOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index));
}

/** What an RTU frame says of itself, as far as a request and its reply agree in it. */
export interface Frame {
  unit: number;
  functionCode: number;
}

/** The requests that these bytes are, one after another; throws where they are anything else. */
export function requestsIn(bytes: Buffer): Frame[] {
  return framesIn(bytes, requestLength);
}

/** The replies, or exceptions, that these bytes are, one after another; throws where they are anything else. */
export function repliesIn(bytes: Buffer): Frame[] {
  return framesIn(bytes, replyLength);
}

function framesIn(bytes: Buffer, lengthAt: (bytes: Buffer, at: number) => number): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + lengthAt(bytes, at);
    const frame = bytes.subarray(at, end);
    if (!(end <= bytes.length) || crc16(frame) !== 0) throw new Error(`no frames from byte ${at} of ${hex(bytes, at)}`);
    frames.push({ unit: frame[0], functionCode: frame[1] & 0x7f });
    at = end;
  }
  return frames;
}

/** Of the functions that the tests use; NaN for all others, and where a byte is missing. */
function requestLength(bytes: Buffer, at: number): number {
  const code = bytes[at + 1];
  if (code === 16) return 9 + bytes[at + 6];
  if (code === 22) return 10;
  if (code === 23) return 13 + bytes[at + 10];
  return code <= 6 ? 8 : Number.NaN;
}

function replyLength(bytes: Buffer, at: number): number {
  const code = bytes[at + 1];
  if (code <= 4 || code === 23) return 5 + bytes[at + 2];
  if (code >= 0x80) return 5;
  if (code === 22) return 10;
  return code <= 6 || code === 16 ? 8 : Number.NaN;
}

function hex(bytes: Buffer, at: number): string {
  return `${bytes.toString('hex', 0, at)} ${bytes.toString('hex', at)}`;
}

function crc16(bytes: Iterable<number>): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
