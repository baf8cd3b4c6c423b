import { OptionsError, Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';

/** Options as they come from a file or from JavaScript: the types can't vouch for them. */
function create(options: unknown): Unit {
  return new Unit(options as UnitOptions);
}

function refusal(options: unknown): OptionsError {
  try {
    create(options);
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error(`not refused: ${JSON.stringify(options)}`);
}

const registers = (...holdingRegisters: unknown[]) => ({ id: 1, holdingRegisters });
const identity = (more: object) => ({
  id: 1,
  identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0', ...more },
});

/** Wrong options, where the error must point, and a word that its message must say. */
const WRONG: [options: unknown, path: (string | number)[], says: string][] = [
  [{}, ['id'], '0'],
  [{ id: -1 }, ['id'], '-1'],
  [{ id: 256 }, ['id'], '255'],
  [{ id: 1.5 }, ['id'], '1.5'],
  [{ id: '1' }, ['id'], '"1"'],
  [{ id: 1, coil: [] }, ['coil'], 'unknown'],
  [{ id: 1, name: 5 }, ['name'], '5'],
  [{ id: 1, coils: 5 }, ['coils'], '5'],
  [{ id: 1, coils: [{ start: 0, count: 1, values: [true] }] }, ['coils', 0, 'count'], 'values'],
  [{ id: 1, coils: [{ start: 0, values: [true, 2] }] }, ['coils', 0, 'values', 1], '2'],
  [registers(5), ['holdingRegisters', 0], '5'],
  [registers({ count: 1 }), ['holdingRegisters', 0, 'start'], '0'],
  [registers({ start: -1, count: 1 }), ['holdingRegisters', 0, 'start'], '-1'],
  [registers({ start: 65536, count: 1 }), ['holdingRegisters', 0, 'start'], '65535'],
  [registers({ start: 0 }), ['holdingRegisters', 0], 'give count, or values'],
  [registers({ start: 0, count: 0 }), ['holdingRegisters', 0, 'count'], '0'],
  [registers({ start: 65535, count: 2 }), ['holdingRegisters', 0, 'count'], '1'],
  [registers({ start: 0, count: 65537 }), ['holdingRegisters', 0, 'count'], '65536'],
  [registers({ start: 0, values: [] }), ['holdingRegisters', 0, 'values'], '0'],
  [registers({ start: 65535, values: [1, 2] }), ['holdingRegisters', 0, 'values'], '1'],
  [registers({ start: 0, values: [1, 65536] }), ['holdingRegisters', 0, 'values', 1], '65536'],
  [registers({ start: 0, values: [1, -1] }), ['holdingRegisters', 0, 'values', 1], '-1'],
  [registers({ start: 0, values: [1, '2'] }), ['holdingRegisters', 0, 'values', 1], '"2"'],
  [registers({ start: 0, count: 1, value: 70000 }), ['holdingRegisters', 0, 'value'], '70000'],
  [registers({ start: 0, count: 1, size: 1 }), ['holdingRegisters', 0, 'size'], 'unknown'],
  [registers({ start: 0, count: 10 }, { start: 9, count: 1 }), ['holdingRegisters', 1, 'start'], 'overlap'],
  [registers({ start: 5, count: 10 }, { start: 0, count: 6 }), ['holdingRegisters', 0, 'start'], 'overlap'],
  [registers({ start: 5, count: 1 }, { start: 5, count: 1 }), ['holdingRegisters', 1, 'start'], 'overlap'],
  [{ id: 1, identity: { vendorName: 'Acme', productCode: 'B-1' } }, ['identity', 'majorMinorRevision'], 'required'],
  [identity({ vendor: 'x' }), ['identity', 'vendor'], 'unknown'],
  [identity({ vendorUrl: 'x'.repeat(245) }), ['identity', 'vendorUrl'], '244'],
  [identity({ objects: { 127: 'x' } }), ['identity', 'objects', '127'], '128'],
  [identity({ objects: { 256: 'x' } }), ['identity', 'objects', '256'], '255'],
  [identity({ objects: { 128: { hex: '0' } } }), ['identity', 'objects', '128', 'hex'], 'hex'],
  [identity({ objects: { 128: 'ä'.repeat(123) } }), ['identity', 'objects', '128'], '246'],
  [{ id: 1, files: [{ number: 0, start: 0, count: 1 }] }, ['files', 0, 'number'], '0'],
  [{ id: 1, files: [{ number: 65536, start: 0, count: 1 }] }, ['files', 0, 'number'], '65535'],
  [{ id: 1, files: [{ number: 1, start: 10000, count: 1 }] }, ['files', 0, 'start'], '9999'],
  [{ id: 1, files: [{ number: 1, start: 9999, count: 2 }] }, ['files', 0, 'count'], '1'],
  [{ id: 1, fifos: [{ pointer: 65536 }] }, ['fifos', 0, 'pointer'], '65535'],
  [{ id: 1, fifos: [{ pointer: 5 }, { pointer: 5 }] }, ['fifos', 1, 'pointer'], '5'],
  [{ id: 1, fifos: [{ pointer: 5, values: [70000] }] }, ['fifos', 0, 'values', 0], '70000'],
  [{ id: 1, fifos: [{ pointer: 5, values: Array(65537).fill(0) }] }, ['fifos', 0, 'values'], '65537'],
  [{ id: 1, serverId: { id: 256 } }, ['serverId', 'id'], '255'],
  [{ id: 1, serverId: { id: 'x'.repeat(251) } }, ['serverId', 'id'], '250'],
  [{ id: 1, serverId: { id: 1, additional: 'x'.repeat(250) } }, ['serverId', 'additional'], '249'],
  [{ id: 1, serverId: { id: 1, run: true } }, ['serverId', 'run'], 'unknown'],
  [{ id: 1, exceptionStatus: 256 }, ['exceptionStatus'], '255'],
  [{ id: 1, coils: [{ start: 0, count: 10 }], exceptionStatus: { coils: 3 } }, ['exceptionStatus', 'coils'], '3'],
  [{ id: 1, access: { functions: [0] } }, ['access', 'functions', 0], '1'],
  [
    { id: 1, access: { readOnly: [{ table: 'inputRegisters', start: 0, count: 1 }] } },
    ['access', 'readOnly', 0, 'table'],
    'inputRegisters',
  ],
  [{ id: 1, access: { readOnlyException: 4 } }, ['access', 'readOnlyException'], '4'],
];

describe('wrong unit options', () => {
  test.each(WRONG)('%j is refused', (options, path, says) => {
    const error = refusal(options);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.path.map(String)).toEqual(path.map(String));
    expect(error.message).toContain(says);
  });

  test.each([undefined, null, 5, 'unit', []])('%j is no options object', (options) => {
    expect(refusal(options).code).toBe('INVALID_OPTION');
  });
});

describe('blocks', () => {
  test('that are neighbours are one range, whatever order they came in', () => {
    const { holdingRegisters } = create(
      registers({ start: 10, values: [3, 4] }, { start: 8, values: [1, 2] }, { start: 20, count: 1 }),
    );
    expect(holdingRegisters.ranges).toEqual([
      { start: 8, count: 4 },
      { start: 20, count: 1 },
    ]);
    expect(holdingRegisters.getRange(8, 4)).toEqual([1, 2, 3, 4]);
  });

  test('may cover all 65536 addresses', () => {
    const { holdingRegisters } = create(registers({ start: 0, count: 65536, value: 9 }));
    expect([holdingRegisters.get(0), holdingRegisters.get(65535)]).toEqual([9, 9]);
  });

  test('are the same address in each table without meeting', () => {
    const unit = create({ id: 1, coils: [{ start: 5, count: 1 }], holdingRegisters: [{ start: 5, count: 1 }] });
    unit.holdingRegisters.set(5, 1);
    expect(unit.coils.get(5)).toBe(false);
  });
});
