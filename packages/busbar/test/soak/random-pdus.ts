import fc from 'fast-check';

/** Addresses near the edges of the device's blocks, where mistakes live. */
const ADDRESSES = [
  0, 1, 4, 19, 100, 175, 298, 299, 300, 2040, 2047, 2048, 65399, 65400, 65411, 65499, 65500, 65528, 65534, 65535,
];
const QUANTITIES = [
  0, 1, 2, 3, 7, 8, 9, 31, 36, 120, 121, 122, 123, 124, 125, 126, 127, 255, 256, 1967, 1968, 1969, 1999, 2000, 2001,
  65535,
];

const address = fc.oneof(fc.constantFrom(...ADDRESSES), fc.nat(65535));
const quantity = fc.oneof(fc.constantFrom(...QUANTITIES), fc.integer({ min: 1, max: 130 }));
const word = fc.nat(65535);

function pdu(code: number, words: number[], tail: Iterable<number> = []): Uint8Array {
  return Uint8Array.of(code, ...words.flatMap((value) => [value >> 8, value & 0xff]), ...tail).subarray(0, 253);
}

/** `count` bytes of data behind their byte count; counts over 247 can't be sent and are cut. */
function counted(count: number, fill: number): number[] {
  return [count & 0xff, ...Array<number>(Math.min(count, 247)).fill(fill)];
}

const reads = fc.tuple(fc.constantFrom(1, 2, 3, 4), address, quantity).map(([code, ...words]) => pdu(code, words));
const writes = fc
  .tuple(fc.constantFrom(5, 6), address, fc.oneof(fc.constantFrom(0, 0xff00, 0xff01, 0xffff), word))
  .map(([code, ...words]) => pdu(code, words));
const coils = fc
  .tuple(address, quantity, fc.nat(255))
  .map(([start, count, fill]) => pdu(0x0f, [start, count], counted(Math.ceil(count / 8), fill)));
const registers = fc
  .tuple(address, quantity, fc.nat(255))
  .map(([start, count, fill]) => pdu(0x10, [start, count], counted(2 * count, fill)));
const masks = fc.tuple(address, word, word).map((words) => pdu(0x16, words));
const readWrites = fc
  .tuple(address, quantity, address, quantity, fc.nat(255))
  .map(([from, count, to, writes, fill]) => pdu(0x17, [from, count, to, writes], counted(2 * writes, fill)));

const file = fc.constantFrom(0, 3, 4, 5, 6, 7, 65535);
const record = fc.constantFrom(0, 1, 5, 6, 7, 9, 10, 150, 199, 200, 0x270e, 0x270f, 0x2710, 0xffff);
const group = fc.tuple(
  fc.constantFrom(6, 6, 6, 6, 6, 6, 7),
  file,
  record,
  fc.constantFrom(1, 1, 1, 2, 3, 60, 124, 125),
);
const fileReads = fc.array(group, { minLength: 1, maxLength: 4 }).map((groups) => {
  const bytes = groups.flatMap(([type, ...words]) => [...pdu(type, words)]);
  return Uint8Array.of(0x14, bytes.length, ...bytes);
});
const fileWrites = fc.array(fc.tuple(group, fc.nat(255)), { minLength: 1, maxLength: 3 }).map((groups) => {
  const bytes = groups.flatMap(([[type, ...words], fill]) => [
    ...pdu(type, words),
    ...Array<number>(2 * words[2]).fill(fill),
  ]);
  return Uint8Array.of(0x15, bytes.length & 0xff, ...bytes).subarray(0, 253);
});
const fifos = fc.constantFrom(0, 0x04de, 0x04df, 0x0500, 0x0501, 0xffff).map((pointer) => pdu(0x18, [pointer]));
const identifications = fc
  .tuple(
    fc.constantFrom(0x0d, 0x0e, 0x0e, 0x0e, 0x0e),
    fc.nat(5),
    fc.oneof(fc.nat(8), fc.constantFrom(0x80, 0x81, 0xc8, 0xff)),
  )
  .map((bytes) => Uint8Array.of(0x2b, ...bytes));
const diagnostics = fc
  .tuple(fc.nat(0x16), fc.constantFrom(0, 0, 0, 0xff00, 0x0a00, 1))
  .map((words) => pdu(0x08, words));
const bare = fc.nat(255).map((code) => Uint8Array.of(code));

const plausible = fc.oneof(
  reads,
  writes,
  coils,
  registers,
  masks,
  readWrites,
  fileReads,
  fileWrites,
  fifos,
  identifications,
  diagnostics,
  bare,
);

/** A plausible request with one byte changed, or cut, or longer. */
const damaged = fc
  .tuple(plausible, fc.nat(252), fc.nat(255), fc.constantFrom('change', 'cut', 'lengthen'))
  .map(([bytes, at, value, how]) => {
    const index = at % bytes.length;
    if (how === 'cut') return bytes.slice(0, index);
    if (how === 'lengthen') return Uint8Array.of(...bytes, value).subarray(0, 253);
    const copy = Uint8Array.from(bytes);
    copy[index] = value;
    return copy;
  });

const noise = fc.uint8Array({ minLength: 0, maxLength: 253 });

/** PDUs of 0 to 253 bytes: plausible, slightly wrong, and noise. */
export const anyPdu = fc.oneof(
  { weight: 6, arbitrary: plausible },
  { weight: 3, arbitrary: damaged },
  { weight: 1, arbitrary: noise },
);
