import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Bus, type Member } from './helpers/bus.js';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { exchanges, ok } from './helpers/exchanges.js';
import { LibmodbusClient } from './helpers/libmodbus.js';
import { run } from './helpers/process.js';
import { random } from './helpers/random.js';
import { registersOf, repliesIn, requestsIn, sealed } from './helpers/rtu.js';
import { type Station, startLibmodbusStation, startPymodbusStation } from './helpers/stations.js';

const SEED = 20260;
const REGISTERS = 400;
/** Who has which unit. */
const MEMBERS = new Map<number, Member>([
  [1, 'busbar'],
  [2, 'libmodbus'],
  [3, 'pymodbus'],
  [9, 'busbar'],
]);
const UNITS = [...MEMBERS.keys()];
/** Registers of foreign stations that read like two requests to write 42 to register 1 of unit 1. */
const SMUGGLED = registersOf(Buffer.concat([sealed(1, 6, 0, 1, 0, 42), sealed(1, 6, 0, 1, 0, 42)]));
const SMUGGLED_AT = 10;
const TIMED_OUT = 'error Connection timed out';
/** Milliseconds that libmodbus waits for what must not come, and for what must, on a busy machine too. */
const BRIEFLY = 300;
const LATE = 5000;
/** Requests that may be lost to a busy machine, which makes a silence of 50 ms between two pieces now and then. */
const MAX_LOST = 5;

/** What the holding registers of each unit have to hold: the first tell whose they are. */
const tables = new Map(UNITS.map((unit) => [unit, initialValues(unit)]));

function initialValues(unit: number): number[] {
  const own = [0, 1, 2, 3].map((index) => 100 * unit + index);
  const values = [...own, ...new Array<number>(REGISTERS - own.length).fill(0)];
  if (isForeign(unit)) values.splice(SMUGGLED_AT, SMUGGLED.length, ...SMUGGLED);
  return values;
}

function isForeign(unit: number): boolean {
  return MEMBERS.get(unit) !== 'busbar';
}

function valuesOf(unit: number): number[] {
  return tables.get(unit) ?? [];
}

let bus: Bus;
let busbar: RunningBusbar;
const stations: Station[] = [];

async function startBusbarOn(path: string): Promise<RunningBusbar> {
  const listen = [
    { type: 'serial', path, framing: 'rtu' },
    { type: 'tcp', host: '127.0.0.1', port: 0 }, // starts behind the line, and tells that it is served
  ];
  const own = UNITS.filter((unit) => !isForeign(unit));
  const config = own.map((id) => ({ id, holdingRegisters: [{ start: 0, values: valuesOf(id) }] }));
  return startBusbar({ listen, units: config });
}

beforeAll(async () => {
  bus = await Bus.open(SEED);
  busbar = await startBusbarOn(bus.path('busbar'));
  stations.push(await startLibmodbusStation({ path: bus.path('libmodbus'), unit: 2, values: valuesOf(2) }));
  stations.push(await startPymodbusStation({ path: bus.path('pymodbus'), unit: 3, values: valuesOf(3) }));
});

afterAll(async () => {
  for (const station of stations) await station.stop();
  await busbar?.stop();
  await bus?.close();
});

/** Where in the bus' record the test begins. */
let begin = 0;
/** Those of its requests to Busbar, by their number, that a busy machine has cost. */
const lost = new Set<number>();
beforeEach(() => {
  begin = bus.record.length;
  lost.clear();
});

/** Nothing but one reply to each request to its units, whatever else was on the line. */
afterEach(() => {
  const heard = requestsToBusbar().filter((_request, index) => !lost.has(index));
  expect(repliesIn(bus.sentBy('busbar', begin))).toEqual(heard);
});

function requestsToBusbar() {
  return requestsIn(bus.sentBy('master', begin)).filter(({ unit }) => !isForeign(unit));
}

/** Which stations have sent something since the record was that long. */
function speakersSince(length: number): string[] {
  const speakers = bus.record.slice(length).map(({ from }) => from);
  return [...new Set(speakers)].filter((speaker) => speaker !== 'master' && speaker !== 'noise');
}

describe('mbpoll on a bus with Busbar, a libmodbus server and a pymodbus server', () => {
  /** What mbpoll shows as "[address]: value", and who spoke. */
  async function poll(unit: number, options: string, values: number[] = []) {
    const before = bus.record.length;
    const args = `-0 -1 -m rtu -b 19200 -P even -t 4 -a ${unit} ${options}`.split(' ');
    const { stdout, stderr } = await run('mbpoll', [...args, bus.path('master'), ...values.map(String)]);
    const shown = [...stdout.matchAll(/^\[\d+\]:\s+(\d+)/gm)].map(([, value]) => Number(value));
    return { shown, stdout, stderr, speakers: speakersSince(before) };
  }

  test.each(UNITS)('gets the registers of unit %i from its station, and nothing from any other', async (unit) => {
    const { shown, speakers } = await poll(unit, '-o 5 -r 0 -c 4');
    expect({ shown, speakers }).toEqual({ shown: valuesOf(unit).slice(0, 4), speakers: [MEMBERS.get(unit)] });
  });

  test.each(UNITS)('writes registers of unit %i, and reads them back', async (unit) => {
    const written = [unit, 65535, 1000 + unit];
    const { stdout, speakers } = await poll(unit, '-o 5 -r 50', written);
    expect({ stdout, speakers }).toEqual({
      stdout: expect.stringContaining('Written 3'),
      speakers: [MEMBERS.get(unit)],
    });
    valuesOf(unit).splice(50, 3, ...written);
    expect((await poll(unit, '-o 5 -r 49 -c 5')).shown).toEqual(valuesOf(unit).slice(49, 54));
  });

  test('gets no reply for a unit that nobody has', async () => {
    const { stderr, speakers } = await poll(77, '-o 0.3 -r 0 -c 4');
    expect({ stderr, speakers }).toEqual({ stderr: expect.stringContaining('Connection timed out'), speakers: [] });
  });
});

describe('libmodbus on a bus with Busbar, a libmodbus server and a pymodbus server', () => {
  let libmodbus: LibmodbusClient;
  beforeAll(async () => {
    libmodbus = await LibmodbusClient.connect(bus.path('master'));
    await libmodbus.call('set_response_timeout', LATE);
  });
  afterAll(() => libmodbus?.close());

  /** What libmodbus answers to a call for a unit, and who spoke. */
  async function call(unit: number, name: string, ...numbers: number[]) {
    const before = bus.record.length;
    await libmodbus.call('set_slave', unit);
    const answer = await libmodbus.call(name, ...numbers);
    return { answer, speakers: speakersSince(before) };
  }

  /**
   * As call(). Behind noise, what has come of a request is given up when the line falls silent; a master asks again
   * then.
   */
  async function callPersistently(unit: number, name: string, ...numbers: number[]) {
    const got = await call(unit, name, ...numbers);
    if (got.answer !== TIMED_OUT || isForeign(unit) || lost.size === MAX_LOST) return got;
    lost.add(requestsToBusbar().length - 1);
    return call(unit, name, ...numbers);
  }

  /** Every register of every unit is what it has to be. */
  async function expectTables() {
    bus.cutting = false;
    for (const unit of UNITS) {
      for (let at = 0; at < REGISTERS; at += 100) {
        const expected = { answer: ok(valuesOf(unit).slice(at, at + 100)), speakers: [MEMBERS.get(unit)] };
        expect(await call(unit, 'read_registers', at, 100), `unit ${unit}, from ${at}`).toEqual(expected);
      }
    }
  }

  /** Random values; those for foreign stations may have requests to Busbar among them. */
  function source(seed: number) {
    const next = random(seed);
    const values = (count: number, unit: number) => {
      const made = Array.from({ length: count }, () => next(0x10000));
      const spare = count - SMUGGLED.length;
      if (isForeign(unit) && spare >= 0 && next(3) === 0) made.splice(next(spare + 1), SMUGGLED.length, ...SMUGGLED);
      return made;
    };
    return { random: next, values };
  }

  test.each([
    ['whole', { count: 100, cutting: false, noise: false }],
    ['in pieces', { count: 300, cutting: true, noise: false }],
    ['whole behind noise', { count: 160, cutting: false, noise: true }],
    ['in pieces behind noise', { count: 150, cutting: true, noise: true }],
  ])('gets right answers from all units when Busbar hears everything %s', async (_how, { count, cutting, noise }) => {
    bus.cutting = cutting;
    const ask = cutting && noise ? callPersistently : call;
    let index = 0;
    for (const { unit, name, numbers, answer } of exchanges(count, tables, source(SEED + count))) {
      if (noise) bus.disturb();
      const expected = { answer, speakers: [MEMBERS.get(unit)] };
      expect(await ask(unit, name, ...numbers), `exchange ${index++}: ${name} of unit ${unit}`).toEqual(expected);
    }
    await expectTables();
  });

  test.each([
    ['unit 2', 'in pieces', { unit: 2, noise: false }],
    ['unit 3', 'in pieces', { unit: 3, noise: false }],
    ['unit 2', 'in pieces behind noise', { unit: 2, noise: true }],
    ['unit 3', 'in pieces behind noise', { unit: 3, noise: true }],
  ])('has %s hold what reads like requests to Busbar, and Busbar hears that %s', async (_unit, _how, options) => {
    bus.cutting = true;
    const speakers = [MEMBERS.get(options.unit)];
    for (let i = 0; i < 20; i++) {
      if (options.noise) bus.disturb();
      const written = await call(options.unit, 'write_registers', SMUGGLED_AT, ...SMUGGLED);
      const read = await call(options.unit, 'read_registers', SMUGGLED_AT, SMUGGLED.length);
      expect([written, read]).toEqual([
        { answer: 'ok', speakers },
        { answer: ok(SMUGGLED), speakers },
      ]);
    }
    await expectTables();
  });

  test('writes a register of every unit by a broadcast, which nobody answers', async () => {
    await libmodbus.call('set_response_timeout', BRIEFLY);
    const unanswered = { answer: TIMED_OUT, speakers: [] };
    expect(await call(0, 'write_register', 4, 4711)).toEqual(unanswered);
    await libmodbus.call('set_response_timeout', LATE);
    for (const unit of UNITS) valuesOf(unit)[4] = 4711;
    await expectTables();
  });

  test('gets no reply for a unit that nobody has, while all others go on', async () => {
    await libmodbus.call('set_response_timeout', BRIEFLY);
    const unanswered = { answer: TIMED_OUT, speakers: [] };
    expect(await call(77, 'read_registers', 0, 4)).toEqual(unanswered);
    expect(await call(77, 'write_register', 0, 4711)).toEqual(unanswered);
    await libmodbus.call('set_response_timeout', LATE);
    await expectTables();
  });
});
