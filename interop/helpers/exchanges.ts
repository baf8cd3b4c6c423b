/** A call of a function of libmodbus for a unit, and what libmodbus has to answer. */
export interface Exchange extends Call {
  unit: number;
}

interface Call {
  name: string;
  numbers: number[];
  answer: string;
}

type Random = (below: number) => number;

/** What the exchanges are made of. */
interface Source {
  random: Random;
  /** Values to write. */
  values(count: number, unit: number): number[];
}

/** The registers ahead of this one keep their values. */
const FIRST = 100;

const KINDS = [read, write, writeOne, mask, writeAndRead];

/**
 * Makes up reads and writes, of any quantity, of the holding registers of several units, and carries them out on
 * `units`, the registers by unit.
 */
export function* exchanges(count: number, units: Map<number, number[]>, source: Source): Generator<Exchange> {
  const all = [...units];
  for (let i = 0; i < count; i++) {
    const [unit, registers] = all[source.random(all.length)];
    const kind = KINDS[source.random(KINDS.length)];
    yield { unit, ...kind(registers, unit, source) };
  }
}

/** What libmodbus answers to a read. */
export function ok(values: number[]): string {
  return ['ok', ...values].join(' ');
}

function read(registers: number[], _unit: number, { random }: Source): Call {
  const count = 1 + random(125);
  const address = place(registers, count, random);
  return { name: 'read_registers', numbers: [address, count], answer: ok(registers.slice(address, address + count)) };
}

function write(registers: number[], unit: number, { random, values }: Source): Call {
  const written = values(1 + random(123), unit);
  const address = place(registers, written.length, random);
  registers.splice(address, written.length, ...written);
  return { name: 'write_registers', numbers: [address, ...written], answer: 'ok' };
}

function writeOne(registers: number[], unit: number, { random, values }: Source): Call {
  const address = place(registers, 1, random);
  [registers[address]] = values(1, unit);
  return { name: 'write_register', numbers: [address, registers[address]], answer: 'ok' };
}

function mask(registers: number[], _unit: number, { random }: Source): Call {
  const address = place(registers, 1, random);
  const [and, or] = [random(0x10000), random(0x10000)];
  registers[address] = (registers[address] & and) | (or & ~and);
  return { name: 'mask_write_register', numbers: [address, and, or], answer: 'ok' };
}

function writeAndRead(registers: number[], unit: number, { random, values }: Source): Call {
  const written = values(1 + random(121), unit);
  const to = place(registers, written.length, random);
  registers.splice(to, written.length, ...written);
  const count = 1 + random(125);
  const from = place(registers, count, random);
  const answer = ok(registers.slice(from, from + count));
  return { name: 'write_and_read_registers', numbers: [to, from, count, ...written], answer };
}

function place(registers: number[], count: number, random: Random): number {
  return FIRST + random(registers.length - FIRST - count + 1);
}
