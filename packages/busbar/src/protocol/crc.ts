/** CRC-16 of serial lines: reflected polynomial, start value (SL, clause 2.5.1.2). */
const POLYNOMIAL = 0xa001;
const START = 0xffff;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** CRC-16 of `bytes[start..end)`; 0 if they end with their own CRC, low byte first. */
export function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = START;
  for (let i = start; i < end; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]) & 0xff];
  return crc;
}
