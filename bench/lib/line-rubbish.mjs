// Kinds of rubbish that a line may carry. The server under test is units 1 and 9; 0x11 is another station.

/**
 * @typedef {{ name: string, bytes: (length: number) => Uint8Array }} Rubbish
 */

/** A request for two holding registers of unit 1 that hold 1 and 2, and its reply. */
export const goodRequest = Buffer.from(sealed([0x01, 0x03, 0x00, 0x00, 0x00, 0x02]));
export const goodReply = Buffer.from(sealed([0x01, 0x03, 0x04, 0x00, 0x01, 0x00, 0x02]));

/** Bitwise, so that the bench doesn't check Busbar by Busbar's own table. @param {number[]} bytes */
function crc16(bytes) {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** The frame of these bytes with its CRC. @param {number[]} bytes */
function sealed(bytes) {
  const crc = crc16(bytes);
  return [...bytes, crc & 0xff, crc >>> 8];
}

/** The same with a bit of the CRC turned. @param {number[]} bytes */
function broken(bytes) {
  const frame = sealed(bytes);
  frame[frame.length - 1] ^= 0x10;
  return frame;
}

/** The same numbers in every run. @returns {() => number} of 0..255 */
function seededBytes() {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 8) & 0xff;
  };
}

/** @param {number} length */
export function randomBytes(length) {
  return new Uint8Array(length).map(seededBytes());
}

/** @param {number[]} pattern */
function repeated(...pattern) {
  return (/** @type {number} */ length) => new Uint8Array(length).map((_, index) => pattern[index % pattern.length]);
}

/**
 * One frame after the other, of what `create` makes of random bytes. @param {(random: () => number) => number[]} create
 */
function frames(create) {
  return (/** @type {number} */ length) => {
    const random = seededBytes();
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const frame = create(random).slice(0, length - at);
      bytes.set(frame, at);
      at += frame.length;
    }
    return bytes;
  };
}

/** @param {number} unit @param {() => number} random */
const readRequest = (unit, random) => [unit, 0x03, 0x00, random(), 0x00, 0x0a];
/** @param {number} unit @param {() => number} random */
const readReply = (unit, random) => [unit, 0x03, 0x14, ...Array.from({ length: 20 }, random)];
/** @param {number} unit @param {() => number} random */
const writeRequest = (unit, random) => [
  unit,
  0x10,
  0,
  random(),
  0,
  0x40,
  0x80,
  ...Array.from({ length: 0x80 }, random),
];

/**
 * The same short request over and over, behind bytes that put it in doubt: each may be the payload of something longer.
 * @param {number[]} head
 * @param {number} count
 * @param {number[]} request
 */
function doubtful(head, count, request) {
  return repeated(...head, ...new Array(count).fill(sealed(request)).flat());
}

/** @type {Rubbish[]} */
export const kinds = [
  { name: 'random bytes', bytes: randomBytes },
  { name: 'all 00', bytes: repeated(0x00) },
  { name: 'all FF', bytes: repeated(0xff) },
  { name: 'all 55', bytes: repeated(0x55) },
  { name: 'own unit id: 01 …', bytes: repeated(0x01) },
  { name: 'heads of own long writes: 01 10 00 00 00 7B F6 …', bytes: repeated(0x01, 0x10, 0, 0, 0, 0x7b, 0xf6) },
  { name: 'heads of foreign long replies: 11 03 FA …', bytes: repeated(0x11, 0x03, 0xfa) },
  { name: 'unknown function, own unit: 01 65 …', bytes: repeated(0x01, 0x65) },
  { name: 'unknown function, foreign unit: 11 65 …', bytes: repeated(0x11, 0x65) },
  { name: 'foreign requests, wrong CRC', bytes: frames((random) => broken(readRequest(0x11, random))) },
  { name: 'own reads, wrong CRC', bytes: frames((random) => broken(readRequest(0x01, random))) },
  { name: 'own long writes, wrong CRC', bytes: frames((random) => broken(writeRequest(0x01, random))) },
  { name: 'nested: 01 10 …', bytes: repeated(0x01, 0x10) },
  { name: 'nested: 11 17 …', bytes: repeated(0x11, 0x17) },
  { name: 'nested: 11 2B 0E …', bytes: repeated(0x11, 0x2b, 0x0e) },
  { name: 'nested: 64 × own 01 07 behind 11 55 AA', bytes: doubtful([0x11, 0x55, 0xaa], 64, [0x01, 0x07]) },
  { name: 'nested: 94 × broadcast 00 65 behind 00 83 00 00', bytes: doubtful([0, 0x83, 0, 0], 94, [0x00, 0x65]) },
  {
    name: 'nested: 32 × own echo 01 08 behind heads of it',
    bytes: doubtful([0x01, 0x08, 0, 0, 0x80, 0x08, 0, 0], 32, [0x01, 0x08, 0, 0, 0x02, 0]),
  },
  {
    name: 'no rubbish: foreign requests and replies',
    bytes: frames((random) => [...sealed(readRequest(0x11, random)), ...sealed(readReply(0x11, random))]),
  },
];
