import { describe, expect, test } from 'vitest';
import { compileFormula } from '../src/formula/compile.js';
import type { Value } from '../src/value.js';

const POINTS = new Map<string, Value>(
  Object.entries({
    voltage: 230,
    current: 10,
    pump: true,
    mode: 'auto',
    'boiler.flow': 65,
    'flow-1': 3,
    zero: 0,
  }),
);

/** @returns the value of a formula, 90 seconds after midnight. */
function evaluate(source: string): Value {
  const reader = (name: string) => () => {
    const value = POINTS.get(name);
    if (value === undefined) throw new Error(`no point ${name}`);
    return value;
  };
  return compileFormula(source, reader)({ time: 90_000, date: 6.5 * 3_600_000 });
}

describe('a formula', () => {
  test.each<[string, Value]>([
    ['voltage * current / 1000', 2.3],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-voltage + 1', -229],
    ['2 ** 3 ** 2', 512],
    ['7 % 4', 3],
    ['1.5e3', 1500],
    ['boiler.flow - 5', 60],
    ['point("flow-1") * 2', 6],
    ['pump + 1', 2],
    ['mode == "auto" ? 100 : 0', 100],
    ["mode != 'auto'", false],
    ['pump == 1 && voltage > 229', true],
    ['!pump || zero', false],
    ['voltage >= 230', true],
    ['6 & 3', 2],
    ['6 | 3', 7],
    ['1 << 4 >> 2', 4],
    ['min(3, 1, 2) + max(3, 1, 2)', 4],
    ['clamp(voltage, 0, 100)', 100],
    ['round(2.345, 2)', 2.35],
    ['round(2.6)', 3],
    ['abs(-2) + sqrt(16) + floor(1.9) + ceil(1.1)', 9],
    ['sin(pi() / 2)', 1],
    ['ln(exp(2)) + log10(100)', 4],
    ['time()', 90],
    ['hour()', 6.5],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test('does not look further than && and || need', () => {
    expect(evaluate('zero && nothing')).toBe(false);
    expect(evaluate('pump || nothing')).toBe(true);
  });

  test.each([
    ['', 'expected a formula, found none'],
    ['1 +', 'expected a formula, found a mistake: expected expression after + at character 3'],
    ['voltage current', 'expected an operator between two parts'],
    ['voltage = 3', 'found a mistake: unexpected "=" at character 8'],
    ['2 ^ 3', 'the operator ^ is not part of formulas; a power is written **'],
    ['1 === 1', 'write =='],
    ['[1, 2]', 'a list is not part of formulas'],
    ['this', 'this is not part of formulas'],
    ['null', 'null is not part of formulas'],
    ['voltage[0]', 'expected a name such as flow or boiler.flow'],
    ['power(2)', 'no function power; known are point, abs,'],
    ['clamp(1)', 'clamp takes 3 arguments, found 1'],
    ['pi(1)', 'pi takes 0 arguments, found 1'],
    ['point(flow)', 'expected point("name"), with the name in quotes'],
    ['"x".constructor', 'expected a name such as flow'],
    ['voltage.constructor.constructor("return 1")()', 'expected a name such as flow'],
    ['(1, 2)', 'a comma is not part of formulas'],
    [`${'('.repeat(2000)}1`, 'expected at most 1000 characters, found 2001'],
    [`${'-'.repeat(999)}1`, undefined],
    [`${'('.repeat(499)}1${')'.repeat(499)}`, undefined],
  ])('%j is refused: %s', (source, problem) => {
    if (problem === undefined) expect(Number.isFinite(Number(evaluate(source)))).toBe(true);
    else expect(() => evaluate(source)).toThrow(problem);
  });

  test('reaches nothing but points and its own functions', () => {
    for (const name of ['process', 'globalThis', 'constructor', '__proto__', 'toString']) {
      expect(() => evaluate(name), name).toThrow(`no point ${name}`);
      expect(() => evaluate(`${name}(1)`), name).toThrow(`no function ${name}`);
    }
  });
});
