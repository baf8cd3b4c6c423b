import type { Value } from '../value.js';

/** A part of a formula, ready to be evaluated. */
export type Term = (moment: FormulaMoment) => Value;

/** What a formula may ask for besides points. */
export interface FormulaMoment {
  /** Milliseconds that the simulation has run. */
  readonly time: number;
  /** Milliseconds since 1970. */
  readonly date: number;
}

type Binary = (left: Value, right: Value) => Value;

function ofNumbers(operate: (left: number, right: number) => Value): Binary {
  return (left, right) => operate(Number(left), Number(right));
}

export const BINARY: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['+', ofNumbers((a, b) => a + b)],
  ['-', ofNumbers((a, b) => a - b)],
  ['*', ofNumbers((a, b) => a * b)],
  ['/', ofNumbers((a, b) => a / b)],
  ['%', ofNumbers((a, b) => a % b)],
  ['**', ofNumbers((a, b) => a ** b)],
  ['<', ofNumbers((a, b) => a < b)],
  ['>', ofNumbers((a, b) => a > b)],
  ['<=', ofNumbers((a, b) => a <= b)],
  ['>=', ofNumbers((a, b) => a >= b)],
  ['&', ofNumbers((a, b) => a & b)],
  ['|', ofNumbers((a, b) => a | b)],
  ['<<', ofNumbers((a, b) => a << b)],
  ['>>', ofNumbers((a, b) => a >> b)],
  ['==', isEqual],
  ['!=', (left, right) => !isEqual(left, right)],
]);

/** A label is compared as text, all else as numbers, so that a coil equals 1 as well as true. */
function isEqual(left: Value, right: Value): boolean {
  return typeof left === 'string' || typeof right === 'string' ? left === right : Number(left) === Number(right);
}

export const UNARY: ReadonlyMap<string, (value: Value) => Value> = new Map<string, (value: Value) => Value>([
  ['-', (value) => -Number(value)],
  ['+', (value) => Number(value)],
  ['!', (value) => !isTrue(value)],
]);

/** What counts as true: everything but false, zero and what is no number. */
export function isTrue(value: Value): boolean {
  return typeof value === 'string' ? value !== '' : Boolean(Number(value));
}

const SECOND = 1000;

/** A function of formulas, and how many arguments it takes: exactly, or at least if `more`. */
interface FormulaFunction {
  readonly count: number;
  readonly more?: boolean;
  readonly apply: (numbers: readonly number[], moment: FormulaMoment) => number;
}

function ofOne(apply: (number: number) => number): FormulaFunction {
  return { count: 1, apply: ([number = 0]) => apply(number) };
}

export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ['abs', ofOne(Math.abs)],
  ['sqrt', ofOne(Math.sqrt)],
  ['exp', ofOne(Math.exp)],
  ['ln', ofOne(Math.log)],
  ['log10', ofOne(Math.log10)],
  ['sin', ofOne(Math.sin)],
  ['cos', ofOne(Math.cos)],
  ['tan', ofOne(Math.tan)],
  ['floor', ofOne(Math.floor)],
  ['ceil', ofOne(Math.ceil)],
  [
    'round',
    { count: 1, more: true, apply: ([number = 0, digits = 0]) => Math.round(number * 10 ** digits) / 10 ** digits },
  ],
  ['min', { count: 1, more: true, apply: (numbers) => Math.min(...numbers) }],
  ['max', { count: 1, more: true, apply: (numbers) => Math.max(...numbers) }],
  ['clamp', { count: 3, apply: ([number = 0, low = 0, high = 0]) => Math.min(high, Math.max(low, number)) }],
  ['pi', { count: 0, apply: () => Math.PI }],
  ['time', { count: 0, apply: (_, { time }) => time / SECOND }],
  ['hour', { count: 0, apply: (_, { date }) => (date / (3600 * SECOND)) % 24 }],
]);
