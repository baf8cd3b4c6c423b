import { type RegisterTable, Unit } from 'busbar';
import { bits, hex } from '../helpers/hex.js';

/** A unit beside the device under test whose register proves, by its reply, that what came before stayed unanswered. */
export const PROBE = {
  unit: 247,
  request: hex('fc:03 start:0000 quantity:0001'),
  reply: hex('fc:03 byteCount:02 B0B0'),
};

/** The device that every vector speaks to. Its literal contents are the protocol document's own examples. */
export const DEVICE_ID = 1;
const SMALL_UNIT_ID = 2;

const COILS = Array<boolean>(2048).fill(false);
COILS.splice(19, 37, ...bits('CD6BB20E1B', 37));
const LAST_COILS = Array.from({ length: 36 }, (_, index) => index % 5 === 0);

const DISCRETE_INPUTS = Array<boolean>(2048).fill(false);
DISCRETE_INPUTS.splice(196, 22, ...bits('ACDB35', 22));
const LAST_DISCRETE_INPUTS = bits('B1', 8);

const HOLDING_REGISTERS = Array.from({ length: 300 }, (_, address) => 0x1000 + address);
HOLDING_REGISTERS[4] = 0x0012;
HOLDING_REGISTERS.splice(107, 3, 0x022b, 0x0000, 0x0064);
const LAST_HOLDING_REGISTERS = Array.from({ length: 136 }, (_, index) => 65400 + index);

const INPUT_REGISTERS = Array.from({ length: 300 }, (_, address) => 0x2000 + address);
INPUT_REGISTERS[8] = 0x000a;
const LAST_INPUT_REGISTERS = Array.from({ length: 136 }, (_, index) => 65400 + index);

const FILE_3 = Array.from({ length: 200 }, (_, record) => 0x3000 + record);
FILE_3.splice(9, 2, 0x33cd, 0x0040);
const FILE_4 = Array.from({ length: 10 }, (_, record) => 0x4000 + record);
FILE_4.splice(1, 2, 0x0dfe, 0x0020);
const FILE_5_TAIL = [0x5005, 0x5006];
const FILE_6_END = [0x6aaa, 0x6bbb];

/** What a request is expected to leave changed, by address. File records are named `file/record`. */
export interface Changes {
  coils?: Record<number, boolean>;
  holdingRegisters?: Record<number, number>;
  files?: Record<string, number>;
}

export const FILES = [
  { number: 3, start: 0, values: FILE_3 },
  { number: 4, start: 0, values: FILE_4 },
  { number: 5, start: 5, values: FILE_5_TAIL },
  { number: 6, start: 0x270e, values: FILE_6_END },
  { number: 65535, start: 0, values: [0xffff] },
];

export const BLOCKS = {
  coils: [
    { start: 0, values: COILS },
    { start: 65500, values: LAST_COILS },
  ],
  holdingRegisters: [
    { start: 0, values: HOLDING_REGISTERS },
    { start: 65400, values: LAST_HOLDING_REGISTERS },
  ],
};

/** What the device has that no client can write. */
export const READ_ONLY = {
  discreteInputs: [
    { start: 0, values: DISCRETE_INPUTS },
    { start: 65528, values: LAST_DISCRETE_INPUTS },
  ],
  inputRegisters: [
    { start: 0, values: INPUT_REGISTERS },
    { start: 65400, values: LAST_INPUT_REGISTERS },
  ],
  fifos: [
    { pointer: 0x04de, values: [0x01b8, 0x1284] },
    { pointer: 0x04df, values: [] },
    { pointer: 0x0500, values: Array.from({ length: 31 }, (_, index) => 0x5500 + index) },
    { pointer: 0x0501, values: Array.from({ length: 32 }, (_, index) => 0x5600 + index) },
    { pointer: 0xffff, values: [0x0102] },
  ],
};

/** A fresh device under test. */
export function createDevice(id = DEVICE_ID): Unit {
  return new Unit({
    id,
    name: 'device under test',
    ...BLOCKS,
    ...READ_ONLY,
    files: FILES,
    identity: {
      vendorName: 'Acme',
      productCode: 'B-1',
      majorMinorRevision: '1.0',
      vendorUrl: 'http://a.example',
      productName: 'Boiler',
      modelName: 'Mk II',
      userApplicationName: 'Heating',
      objects: { 128: 'text', 129: { hex: '00ff' }, 200: 'x'.repeat(240), 255: 'last' },
    },
    serverId: { id: 17, running: true, additional: 'text' },
    exceptionStatus: 0x6d,
  });
}

/** The unit that answers the probe. */
export function createProbe(): Unit {
  return new Unit({ id: PROBE.unit, holdingRegisters: [{ start: 0, values: [0xb0b0] }] });
}

/** A unit with little in it: basic identification only, and a server id that says that it does not run. */
export function createSmallUnit(): Unit {
  return new Unit({
    id: SMALL_UNIT_ID,
    holdingRegisters: [{ start: 0, count: 10 }],
    identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0' },
    serverId: { id: 0x22, running: false },
  });
}

/** Puts back what a fresh device has. */
export function restore(device: Unit): void {
  for (const { start, values } of BLOCKS.coils) device.coils.set(start, values);
  for (const { start, values } of BLOCKS.holdingRegisters) device.holdingRegisters.set(start, values);
  for (const { number, start, values } of FILES) device.files.get(number)?.set(start, values);
}

/** How the device differs from a fresh one, read through the library's face. */
export function changesOf(device: Unit): Required<Changes> {
  const { coils, holdingRegisters, files } = device;
  return {
    coils: differences(BLOCKS.coils, (start, count) => coils.getRange(start, count), String),
    holdingRegisters: differences(
      BLOCKS.holdingRegisters,
      (start, count) => holdingRegisters.getRange(start, count),
      String,
    ),
    files: Object.assign({}, ...FILES.map((file) => fileDifferences(file, files.get(file.number)))),
  };
}

/** The same for what a vector says: without changes to the value that is there anyway. */
export function effectiveChanges(changes: Changes = {}): Required<Changes> {
  const fresh = (start: number, values: readonly unknown[], address: number) => values[address - start];
  const effective = <T>(blocks: readonly FreshBlock<T>[], wanted: Record<number, T> = {}): Record<number, T> =>
    Object.fromEntries(
      Object.entries(wanted).filter(
        ([address, value]) => !blocks.some(({ start, values }) => fresh(start, values, Number(address)) === value),
      ),
    );
  return {
    coils: effective(BLOCKS.coils, changes.coils),
    holdingRegisters: effective(BLOCKS.holdingRegisters, changes.holdingRegisters),
    files: changes.files ?? {},
  };
}

interface FreshBlock<T> {
  start: number;
  values: readonly T[];
}

function differences<T>(
  blocks: readonly FreshBlock<T>[],
  current: (start: number, count: number) => readonly T[],
  name: (address: number) => string,
): Record<string, T> {
  const changed: [string, T][] = [];
  for (const { start, values } of blocks) {
    current(start, values.length).forEach((value, index) => {
      if (value !== values[index]) changed.push([name(start + index), value]);
    });
  }
  return Object.fromEntries(changed);
}

function fileDifferences(
  file: FreshBlock<number> & { number: number },
  current?: RegisterTable,
): Record<string, number> {
  if (current === undefined) throw new Error(`file ${file.number} is gone`);
  return differences(
    [file],
    (start, count) => current.getRange(start, count),
    (record) => `${file.number}/${record}`,
  );
}
