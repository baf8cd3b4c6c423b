import { encodeRequest } from 'busbar/protocol';

/** What holds the values: two tables, and two files. */
export type Part = 'coils' | 'holding' | 'file1' | 'file2';

/** Everything that the unit holds, as it was read. */
export type Image = Readonly<Record<Part, readonly number[]>>;

interface Place {
  readonly part: Part;
  readonly at: number;
  readonly length: number;
}

/** Values that are always written together by one request, and so must never be found half. */
export interface Slot {
  readonly name: string;
  /** The clients that write it. */
  readonly clients: readonly number[];
  readonly places: readonly Place[];
  /** What it holds after the write with this stamp, 0..65535. */
  content(stamp: number): number[];
  /** The PDU of the write. */
  request(stamp: number): Uint8Array;
}

/** More than one page of each kind, as the storage cuts them. */
export const SIZE: Readonly<Record<Part, number>> = { coils: 3072, holding: 1280, file1: 600, file2: 300 };
export const CLIENTS = [0, 1, 2, 3];
const ROWS = 6;

export function contentOf(slot: Slot, image: Image): number[] {
  return slot.places.flatMap(({ part, at, length }) => image[part].slice(at, at + length));
}

/**
 * The slots of four clients, side by side in the same pages, and some that all of them write. Each function code that
 * writes has slots; some cross the border of a page.
 */
export function createSlots(): Slot[] {
  const used = { coils: 0, holding: 0, file1: 0, file2: 0 };
  const take = (part: Part, length: number): Place => {
    const at = used[part];
    used[part] += length;
    if (used[part] > SIZE[part]) throw new Error(`the slots need more than ${SIZE[part]} ${part}`);
    return { part, at, length };
  };
  const ofOne = (clients: readonly number[]): Slot[] => [
    coil(clients, take('coils', 1)),
    coils(clients, take('coils', 37)),
    register(clients, take('holding', 1)),
    mask(clients, take('holding', 1)),
    registers(clients, take('holding', 11)),
    readWrite(clients, take('holding', 30)),
    records(clients, take('file1', 20), take('file2', 9)),
  ];
  const ofAll = (): Slot[] => [
    coils(CLIENTS, take('coils', 1968)),
    register(CLIENTS, take('holding', 1)),
    registers(CLIENTS, take('holding', 123)),
    readWrite(CLIENTS, take('holding', 121)),
    records(CLIENTS, take('file1', 60), take('file2', 50)),
  ];
  const rows = Array.from({ length: ROWS }, () => CLIENTS.flatMap((client) => ofOne([client])));
  return [...rows.slice(0, ROWS / 2).flat(), ...ofAll(), ...rows.slice(ROWS / 2).flat()];
}

function slot(
  code: string,
  clients: readonly number[],
  places: Place[],
  rest: Pick<Slot, 'content' | 'request'>,
): Slot {
  const where = places.map(({ part, at, length }) => `${part} ${at}..${at + length - 1}`).join(' and ');
  return { name: `${where} (function ${code})`, clients, places, ...rest };
}

/** A value for each word, so that one in the wrong place is noticed, too. */
function words(length: number, stamp: number): number[] {
  return Array.from({ length }, (_, i) => (stamp + 257 * i) & 0xffff);
}

function bits(length: number, stamp: number): number[] {
  return Array.from({ length }, (_, i) => (stamp >> (i % 16)) & 1);
}

function coil(clients: readonly number[], place: Place): Slot {
  const content = (stamp: number) => bits(1, stamp);
  const request = (stamp: number) => encodeRequest({ functionCode: 5, address: place.at, values: content(stamp) });
  return slot('05', clients, [place], { content, request });
}

function coils(clients: readonly number[], place: Place): Slot {
  const content = (stamp: number) => bits(place.length, stamp);
  const request = (stamp: number) => encodeRequest({ functionCode: 15, address: place.at, values: content(stamp) });
  return slot('0F', clients, [place], { content, request });
}

function register(clients: readonly number[], place: Place): Slot {
  const content = (stamp: number) => words(1, stamp);
  const request = (stamp: number) => encodeRequest({ functionCode: 6, address: place.at, values: content(stamp) });
  return slot('06', clients, [place], { content, request });
}

function registers(clients: readonly number[], place: Place): Slot {
  const content = (stamp: number) => words(place.length, stamp);
  const request = (stamp: number) => encodeRequest({ functionCode: 16, address: place.at, values: content(stamp) });
  return slot('10', clients, [place], { content, request });
}

/** Keeps the lowest four bits, which are 0, and sets the others. */
function mask(clients: readonly number[], place: Place): Slot {
  const content = (stamp: number) => [(stamp << 4) & 0xfff0];
  const request = (stamp: number) =>
    encodeRequest({ functionCode: 22, address: place.at, andMask: 0x000f, orMask: content(stamp)[0] ?? 0 });
  return slot('16', clients, [place], { content, request });
}

/** Reads back what it writes. */
function readWrite(clients: readonly number[], place: Place): Slot {
  const range = { address: place.at, quantity: place.length, writeAddress: place.at };
  const content = (stamp: number) => words(place.length, stamp);
  const request = (stamp: number) => encodeRequest({ functionCode: 23, ...range, values: content(stamp) });
  return slot('17', clients, [place], { content, request });
}

/** Two files in one request. */
function records(clients: readonly number[], first: Place, second: Place): Slot {
  const content = (stamp: number) => [...words(first.length, stamp), ...words(second.length, ~stamp)];
  const request = (stamp: number) => {
    const values = content(stamp);
    const group = (file: number, place: Place, from: number) => {
      const length = place.length;
      return { file, record: place.at, length, values: values.slice(from, from + length) };
    };
    return encodeRequest({ functionCode: 21, groups: [group(1, first, 0), group(2, second, first.length)] });
  };
  return slot('15', clients, [first, second], { content, request });
}
