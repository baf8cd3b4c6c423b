import type { Point, PointType } from 'busbar';
import { show, someOf } from '../problems.js';
import { bitNames, type Value } from '../value.js';

type PointValue = Point['value'];

/** The whole numbers that a type holds, before its scale. */
const RANGES: ReadonlyMap<PointType, readonly [number, number]> = new Map<PointType, readonly [number, number]>([
  ['int16', [-0x8000, 0x7fff]],
  ['uint16', [0, 0xffff]],
  ['int32', [-0x80000000, 0x7fffffff]],
  ['uint32', [0, 0xffffffff]],
  ['unixTime', [0, 0xffffffff]],
  // The largest numbers of double precision that fit.
  ['int64', [-(2 ** 63), 2 ** 63 - 1024]],
  ['uint64', [0, 2 ** 64 - 2048]],
  ['float64', [-Number.MAX_VALUE, Number.MAX_VALUE]],
]);

/** The largest number of single precision. */
const MAX_FLOAT32 = 2 ** 128 - 2 ** 104;

/** A value is none that the point can hold. */
class MisfitError extends Error {
  override name = 'MisfitError';
}

/**
 * Makes the function that gives values the form that a point takes. Numbers beyond the point's range become its ends;
 * for a point with labels they stand for the label, and for a bit 0.5 and more is on.
 *
 * @returns a function that throws a MisfitError for what is no value of the point.
 */
export function fitter(point: Point): (value: Value) => PointValue {
  const convert = converterOf(point);
  return (value) => {
    const fitted = convert(value);
    if (fitted === undefined) throw new MisfitError(`expected ${kindOf(point)}, found ${show(value)}`);
    return fitted;
  };
}

/** Makes a function by which to tell whether two values are the same in the registers of a point. */
export function rawOf(point: Point): (value: PointValue) => PointValue {
  const { type, scale = 1, offset = 0 } = point;
  if (type === 'bits' || type === 'raw') return String;
  if (!isNumeric(point) || type.startsWith('float')) return (value) => value;
  return (value) => (typeof value === 'number' ? Math.round((value - offset) / scale) : value);
}

/** What is wrong with a value that is to be given to a point; undefined if nothing is. */
export function misfit(point: Point, value: Value): string | undefined {
  if (converterOf(point)(value) === undefined) return `expected ${kindOf(point)}, found ${show(value)}`;
  if (typeof value !== 'number' || !isNumeric(point)) return undefined;
  const [low, high] = rangeOf(point);
  return value < low || value > high ? `expected ${kindOf(point)}, found ${value}` : undefined;
}

function converterOf(point: Point): (value: Value) => PointValue | undefined {
  if (point.type === 'bool') return toBit;
  if (point.type === 'bits') return (value) => toBits(point, value);
  if (point.type === 'string') return (value) => toText(point, value);
  if (point.type === 'raw') return (value) => (isRaw(point, value) ? value : undefined);
  return point.labels === undefined ? toNumber(point) : (value) => toLabel(point, value);
}

function isNumeric({ type, labels }: Point): boolean {
  return !['bool', 'bits', 'string', 'raw'].includes(type) && labels === undefined;
}

function toBit(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return isNumber(value) ? value >= 0.5 : undefined;
}

function toNumber(point: Point): (value: Value) => number | bigint | undefined {
  const [low, high] = rangeOf(point);
  const isBig =
    (point.type === 'int64' || point.type === 'uint64') && (point.scale ?? 1) === 1 && (point.offset ?? 0) === 0;
  return (value) => {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (!isNumber(number)) return undefined;
    const inside = Math.min(high, Math.max(low, number));
    return isBig ? BigInt(Math.round(inside)) : inside;
  };
}

function toLabel({ labels = {} }: Point, value: Value): string | undefined {
  if (typeof value === 'string') return Object.values(labels).includes(value) ? value : undefined;
  return typeof value === 'object' ? undefined : labels[Math.round(Number(value))];
}

function toBits(point: Point, value: Value): readonly string[] | undefined {
  const names = bitNames(point);
  if (isNumber(value)) return names.filter((_, bit) => Math.floor(value / 2 ** bit) % 2 === 1);
  const given = typeof value === 'string' ? [value] : value;
  return typeof given === 'object' && given.every((name) => names.some((each) => each === name))
    ? given.map(String)
    : undefined;
}

function toText({ quantity }: Point, value: Value): string | undefined {
  const text = String(value);
  return typeof value === 'object' || Buffer.byteLength(text) > 2 * quantity ? undefined : text;
}

/** Infinity and NaN are no results that anybody wants to have. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isRaw({ quantity }: Point, value: Value): value is readonly number[] {
  return typeof value === 'object' && value.length === quantity && value.every(isNumber);
}

/** The numbers that a point holds, in its own unit. */
function rangeOf({ type, quantity, scale = 1, offset = 0 }: Point): readonly [number, number] {
  const [low, high] =
    type === 'bcd' ? [0, 10 ** (4 * quantity) - 1] : (RANGES.get(type) ?? [-MAX_FLOAT32, MAX_FLOAT32]);
  const [one, other] = [low * scale + offset, high * scale + offset];
  return [Math.min(one, other), Math.max(one, other)];
}

function kindOf(point: Point): string {
  const { type, labels, quantity } = point;
  if (type === 'bool') return 'true or false';
  if (type === 'bits') return 'a list of labels of its bits';
  if (type === 'string') return `a text of at most ${2 * quantity} bytes`;
  if (type === 'raw') return `a list of ${quantity} numbers`;
  if (labels !== undefined) return `one of its labels (${someOf(Object.values(labels))})`;
  const [low, high] = rangeOf(point);
  return type.startsWith('float') ? 'a number' : `a number from ${rounded(low)} to ${rounded(high)}`;
}

function rounded(number: number): number {
  return Number(number.toPrecision(12));
}
