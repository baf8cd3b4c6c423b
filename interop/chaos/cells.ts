/** What a request writes or reads as a whole: some registers, half of one, or some coils. */
export interface Cell {
  readonly name: string;
  readonly part: 'registers' | 'coils';
  /** Of its first register or coil, and how many there are. */
  readonly address: number;
  readonly quantity: number;
  /** The largest value. */
  readonly most: number;
  /** The PDU of a request that writes the value. */
  write(value: number): Buffer;
  /** The value of its registers or coils; undefined: parts of several. */
  decode(words: readonly number[]): number | undefined;
}

/** Registers that hold a value of 32 bits many times over, written by function 16. */
function range(index: number): Cell {
  const [address, quantity] = [16 * index, 16];
  return {
    name: `registers ${address}–${address + quantity - 1}`,
    part: 'registers',
    address,
    quantity,
    most: 0xffffffff,
    write: (value) => request(16, [address, quantity], copies(value)),
    decode: (words) => {
      const value = words[0] * 0x10000 + words[1];
      return words.every((word, i) => word === words[i % 2]) ? value : undefined;
    },
  };
}

/** The data of a request that writes all registers of a range. */
function copies(value: number): number[] {
  return [32, ...Array.from({ length: 8 }, () => [value >>> 24, value >>> 16, value >>> 8, value]).flat()];
}

/** The same range, written and read by function 23. */
export function writeAndRead({ address, quantity }: Cell, value: number): Buffer {
  return request(23, [address, quantity, address, quantity], copies(value));
}

/** One register, written by function 06. */
function single(index: number): Cell {
  const address = 96 + index;
  const write = (value: number) => request(6, [address, value]);
  const decode = ([word]: readonly number[]) => word;
  return { name: `register ${address}`, part: 'registers', address, quantity: 1, most: 0xffff, write, decode };
}

/** A byte of a register, written by function 22: what other clients write to the other byte must stay. */
function half(index: number): Cell {
  const [address, shift] = [100 + (index >> 1), 8 * (index & 1)];
  return {
    name: `byte ${index & 1} of register ${address}`,
    part: 'registers',
    address,
    quantity: 1,
    most: 0xff,
    write: (value) => request(22, [address, 0xffff ^ (0xff << shift), value << shift]),
    decode: ([word]) => (word >> shift) & 0xff,
  };
}

/** Coils that hold a value of 32 bits and its complement (0 while nothing was written), written by function 15. */
function coils(index: number): Cell {
  const [address, quantity] = [64 * index, 64];
  return {
    name: `coils ${address}–${address + quantity - 1}`,
    part: 'coils',
    address,
    quantity,
    most: 0xffffffff,
    write: (value) => {
      const words = Buffer.alloc(8);
      words.writeUInt32LE(value, 0);
      words.writeUInt32LE(~value >>> 0, 4);
      return request(15, [address, quantity], [8, ...words]);
    },
    decode: (bits) => {
      const [value, complement] = [number(bits.slice(0, 32)), number(bits.slice(32))];
      if (value === 0 && complement === 0) return 0;
      return complement === ~value >>> 0 ? value : undefined;
    },
  };
}

function number(bits: readonly number[]): number {
  return bits.reduce((sum, bit, i) => sum + bit * 2 ** i, 0);
}

/** One coil, set once, by function 05. */
function coil(index: number): Cell {
  const address = 256 + index;
  const write = () => request(5, [address, 0xff00]);
  const decode = ([bit]: readonly number[]) => bit;
  return { name: `coil ${address}`, part: 'coils', address, quantity: 1, most: 1, write, decode };
}

function request(code: number, words: readonly number[], data: readonly number[] = []): Buffer {
  return Buffer.from([code, ...words.flatMap((word) => [word >> 8, word]), ...data]);
}

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, i) => make(i));

/** The cells, by the functions that write them. */
export const KINDS: readonly (readonly Cell[])[] = [
  many(6, range),
  many(4, single),
  many(8, half),
  many(4, coils),
  many(256, coil),
];

const CELLS = KINDS.flat();

/** A request that reads several cells at once. */
export interface Look {
  readonly pdu: Buffer;
  /** The address of its first register or coil. */
  readonly address: number;
  readonly cells: readonly Cell[];
}

function look(part: Cell['part'], address: number, quantity: number): Look {
  const inside = (cell: Cell) => cell.part === part && cell.address >= address && cell.address < address + quantity;
  return { pdu: request(part === 'coils' ? 1 : 3, [address, quantity]), address, cells: CELLS.filter(inside) };
}

/** These together read all of them. */
export const LOOKS: readonly Look[] = [
  look('registers', 0, 104),
  look('coils', 0, 256),
  ...many(8, (i) => look('coils', 256 + 32 * i, 32)),
];

/** Whole registers or single bits of a reply. */
export function wordsOf(reply: Buffer): number[] {
  const data = reply.subarray(2);
  if (reply[0] === 1) return Array.from({ length: 8 * data.length }, (_, i) => (data[i >> 3] >> (i & 7)) & 1);
  return Array.from({ length: data.length / 2 }, (_, i) => data.readUInt16BE(2 * i));
}
