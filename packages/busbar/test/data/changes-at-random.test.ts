import type { ChangedRange, ChangeEvent, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { turns } from '../helpers/events.js';
import { serve } from '../helpers/served.js';
import { createUnit } from './changing.js';

/** A small generator of numbers, the same for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Something that a program does to a unit, at random. */
function changeAtRandom(unit: Unit, random: (below: number) => number): void {
  const pointer = 500 + random(3);
  const file = 4 + random(3);
  const steps: (() => unknown)[] = [
    () => unit.coils.set(random(3), [random(2) === 1, random(2) === 1]),
    () => unit.discreteInputs.set(random(4), random(2) === 1),
    () => unit.holdingRegisters.set(100 + random(8), [random(65536), random(65536)]),
    () => unit.holdingRegisters.setBit(random(4), random(16), random(2) === 1),
    () => unit.inputRegisters.setInt32(random(3), -random(65536), 'DCBA'),
    () => unit.holdingRegisters.setString(100 + random(5), String(random(1000)), 3, 'BADC'),
    () => unit.files.get(file)?.set(random(3), random(65536)),
    () => unit.files.create(file, { start: 0, count: 3, value: random(65536) }),
    () => unit.files.delete(file),
    () => unit.fifos.get(pointer)?.push(random(65536), random(65536)),
    () => unit.fifos.get(pointer)?.drain(random(3)),
    () => unit.fifos.create(pointer, [random(65536)]),
    () => unit.fifos.delete(pointer),
    () => unit.identity?.set(128 + random(3), `v${random(10)}`),
    () => Object.assign(unit, { exceptionStatus: random(256), diagnosticRegister: random(65536) }),
    () => Object.assign(unit, { serverId: { id: random(256) } }),
  ];
  steps[random(steps.length)]?.();
}

const WIRE = [
  (random: (below: number) => number) => [5, 0, random(4), random(2) * 255, 0],
  (random: (below: number) => number) => [6, 0, random(4), random(256), random(256)],
  (random: (below: number) => number) => [16, 0, 100 + random(8), 0, 2, 4, random(256), 1, 2, random(256)],
  (random: (below: number) => number) => [22, 0, random(4), random(256), 0, 0, random(256)],
  (random: (below: number) => number) => [21, 9, 6, 0, 4 + random(3), 0, random(3), 0, 1, random(256), random(256)],
];

/** Does to a unit what an event tells of another. */
function replay(copy: Unit, event: ChangeEvent): void {
  switch (event.part) {
    case 'coils':
    case 'discreteInputs':
      copy[event.part].set(event.address, event.values);
      break;
    case 'holdingRegisters':
    case 'inputRegisters':
      copy[event.part].set(event.address, event.values);
      break;
    case 'files':
      if (event.action === 'write') copy.files.get(event.file)?.set(event.record, event.values);
      else if (event.action === 'delete') copy.files.delete(event.file);
      else copy.files.create(event.file, { start: 0, values: event.unit.files.get(event.file)?.getRange(0, 3) ?? [] });
      break;
    case 'fifos':
      if (event.action === 'push') copy.fifos.get(event.pointer)?.push(...event.values);
      else if (event.action === 'drain') copy.fifos.get(event.pointer)?.drain(event.values.length);
      else if (event.action === 'delete') copy.fifos.delete(event.pointer);
      else copy.fifos.create(event.pointer, [...(event.unit.fifos.get(event.pointer)?.values ?? [])]);
      break;
    case 'identity':
      for (const id of event.unit.identity?.ids ?? []) copy.identity?.set(id, event.unit.identity?.get(id) ?? '');
      break;
    default:
      Object.assign(copy, { [event.part]: event.unit[event.part] });
  }
}

/** Brings a copy up to date with the ranges that were told. */
function copyRange(copy: Unit, unit: Unit, range: ChangedRange): void {
  if (range.part === 'coils' || range.part === 'discreteInputs') {
    copy[range.part].set(range.address, unit[range.part].getRange(range.address, range.quantity));
  } else if (range.part === 'holdingRegisters' || range.part === 'inputRegisters') {
    copy[range.part].set(range.address, unit[range.part].getRange(range.address, range.quantity));
  } else if (range.part === 'files') {
    const values = unit.files.get(range.file)?.getRange(0, 3);
    if (range.record !== undefined) {
      copy.files.get(range.file)?.set(range.record, values?.slice(range.record, range.record + range.quantity) ?? []);
    } else if (values === undefined) copy.files.delete(range.file);
    else copy.files.create(range.file, { start: 0, values });
  } else if (range.part === 'fifos') {
    const queue = unit.fifos.get(range.pointer);
    if (queue === undefined) copy.fifos.delete(range.pointer);
    else copy.fifos.create(range.pointer, [...queue.values]);
  } else if (range.part === 'identity') {
    for (const id of unit.identity?.ids ?? []) copy.identity?.set(id, unit.identity?.get(id) ?? '');
  } else Object.assign(copy, { [range.part]: unit[range.part] });
}

function contentOf(unit: Unit): object {
  const { coils, discreteInputs, holdingRegisters, inputRegisters, files, fifos, identity } = unit;
  return {
    coils: coils.getRange(0, 4),
    discreteInputs: discreteInputs.getRange(0, 4),
    holdingRegisters: [...holdingRegisters.getRange(0, 4), ...holdingRegisters.getRange(100, 10)],
    inputRegisters: inputRegisters.getRange(0, 4),
    files: files.numbers.map((number) => [number, files.get(number)?.getRange(0, 3)]),
    fifos: fifos.pointers.map((pointer) => [pointer, fifos.get(pointer)?.values]),
    identity: identity?.ids.map((id) => [id, [...(identity.get(id) ?? [])]]),
    status: [unit.serverId, unit.exceptionStatus, unit.diagnosticRegister],
  };
}

describe.each([1, 2, 3, 4, 5])('at random, with seed %i', (seed) => {
  test('a copy that replays each change, and one that copies the ranges, hold what the unit holds', async () => {
    const random = createRandom(seed);
    const [unit, replayed, copied] = [createUnit(), createUnit(), createUnit()];
    unit.on('change', (event) => replay(replayed, event));
    unit.on('changes', ({ ranges }) => {
      for (const range of ranges) copyRange(copied, unit, range);
    });
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    for (let round = 0; round < 40; round++) {
      const source = random(3) === 0 ? 'api' : 'program';
      for (let step = 0; step < 5; step++) unit.as(source, () => changeAtRandom(unit, random));
      await client.request(1, Uint8Array.from(WIRE[random(WIRE.length)]?.(random) ?? []));
      expect(contentOf(replayed)).toEqual(contentOf(unit));
    }
    await turns(2);
    expect(contentOf(copied)).toEqual(contentOf(unit));
  });
});
