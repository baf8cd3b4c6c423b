import { types } from 'node:util';
import { type OptionProblem, OptionsError } from './errors.js';
import { isPromiseLike, toPromise } from './promise.js';

export type Path = readonly (string | number)[];

/** Describes a value, briefly enough for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (types.isProxy(value)) return 'a Proxy';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  // The letter tells a bigint from a number, where there are both.
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? `${value}n` : String(value);
  if (typeof value === 'function') return types.isAsyncFunction(value) ? 'an async function' : 'a function';
  return String(value);
}

function expected(path: Path, what: string, found: unknown): OptionsError {
  return new OptionsError(path, `expected ${what}, found ${show(found)}`);
}

/** Options before their checks. */
export type UncheckedOptions = { readonly [key: string]: unknown };

/**
 * Checks one option. Returns it in the form in which it is used, or throws an OptionsError. `options` is the whole
 * options object; the other options may be wrong.
 */
export type Check<T> = (value: unknown, path: Path, options: UncheckedOptions) => T;

/** Options with all defaults filled in. */
export type Complete<Options> = { readonly [Key in keyof Options]-?: Exclude<Options[Key], undefined> };

/** A check for each key of an options type, and for no others. */
export type Checks<Options> = { readonly [Key in keyof Required<Options>]: Check<unknown> };

/** Options after their checks: defaults are filled in, and those of `Changed` are in another form. */
export type CheckedOptions<Options, Changed extends { readonly [Key in keyof Options]?: unknown }> = Changed &
  Omit<Complete<Options>, keyof Changed>;

/** The checks that make such options. */
export type ChecksTo<Result> = { readonly [Key in keyof Result]: Check<Result[Key]> };

/** The results of checks. */
export type Checked<C> = { readonly [Key in keyof C]: C[Key] extends Check<infer T> ? T : never };

/** Runs a task that attempts several checks. Throws one OptionsError with the problems of all failed checks. */
export function collect<T>(task: (attempt: (check: () => void) => void) => T): T {
  const problems: OptionProblem[] = [];
  const result = task((check) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof OptionsError)) throw error;
      problems.push(...error.problems);
    }
  });
  const [first, ...more] = problems;
  if (first !== undefined) throw new OptionsError(first.path, first.problem, more);
  return result;
}

/**
 * The result of a check; undefined if it fails. For checks that depend on another option, which reports its own
 * problems.
 */
export function passing<T>(check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof OptionsError) return undefined;
    throw error;
  }
}

/** Checks an options object: each key with its check, and that there are no other keys. Collects all problems. */
export function checkOptions<C extends Readonly<Record<string, Check<unknown>>>>(
  value: unknown,
  checks: C,
  path: Path = [],
): Checked<C> {
  const options = checkObject(value, path);
  const keys = new Set([...Object.keys(options), ...Object.keys(checks)]);
  return checkKeys(options, checks, path, keys);
}

/**
 * The same for an object that may be an instance of a user's class, with methods on the prototype and state of its own.
 */
export function checkMembers<C extends Readonly<Record<string, Check<unknown>>>>(
  value: unknown,
  checks: C,
  path: Path,
): Checked<C> {
  const object = checkObject(value, path);
  if (Object.getPrototypeOf(object) === Object.prototype) return checkOptions(object, checks, path);
  return checkPart(object, checks, path);
}

/** The same. @returns the object itself, with its checked type. */
export function checkImplementation<T extends object>(value: unknown, checks: Checks<T>, path: Path): T {
  checkMembers(value, checks, path);
  return value as T;
}

/** Checks only these keys; others are checked elsewhere. */
export function checkPart<C extends Readonly<Record<string, Check<unknown>>>>(
  value: unknown,
  checks: C,
  path: Path = [],
): Checked<C> {
  return checkKeys(checkObject(value, path), checks, path, new Set(Object.keys(checks)));
}

/** For options that are checked elsewhere. */
export function anything(value: unknown): unknown {
  return value;
}

/** Runs several independent checks, and collects their problems. */
export function checkAll<T extends object>(checks: { readonly [Key in keyof T]: () => T[Key] }): T {
  return collect((attempt) => {
    const checked: Partial<T> = {};
    for (const key in checks) attempt(() => (checked[key] = checks[key]()));
    return checked as T;
  });
}

function checkKeys<C extends Readonly<Record<string, Check<unknown>>>>(
  options: UncheckedOptions,
  checks: C,
  path: Path,
  keys: ReadonlySet<string>,
): Checked<C> {
  return collect((attempt) => {
    const checked: Record<string, unknown> = {};
    for (const key of keys) {
      attempt(() => {
        if (!Object.hasOwn(checks, key)) throw unknownOption([...path, key], Object.keys(checks));
        checked[key] = checks[key]?.(options[key], [...path, key], options);
      });
    }
    return checked as Checked<C>;
  });
}

function unknownOption(path: Path, known: readonly string[]): OptionsError {
  return new OptionsError(path, `unknown option; known are ${known.join(', ')}`);
}

/** Anything but an array or null. */
export function checkObject(value: unknown, path: Path): UncheckedOptions {
  if (isObject(value)) return value;
  throw expected(path, 'an options object', value);
}

function isObject(value: unknown): value is UncheckedOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks each item of an array, and collects all problems. */
export function checkList<T>(value: unknown, path: Path, check: (item: unknown, path: Path) => T): T[] {
  const items = checkArray(value, path);
  return collect((attempt) => {
    const checked: T[] = [];
    for (const [i, item] of items.entries()) attempt(() => checked.push(check(item, [...path, i])));
    return checked;
  });
}

/** Checks each value of an object with any keys, and collects all problems. */
export function checkEntries<T>(value: unknown, path: Path, check: (item: unknown, path: Path) => T): Map<string, T> {
  const entries = Object.entries(checkObject(value, path));
  return collect((attempt) => {
    const checked = new Map<string, T>();
    for (const [key, item] of entries) attempt(() => checked.set(key, check(item, [...path, key])));
    return checked;
  });
}

/** Makes the check of an optional option. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, path, options) => (value === undefined ? undefined : check(value, path, options));
}

export function withDefault<T, Default extends T>(check: Check<T>, absent: Default): Check<T> {
  return (value, path, options) => (value === undefined ? absent : check(value, path, options));
}

export function integer(min: number, max: number): (value: unknown, path: Path) => number {
  return (value, path) => checkInteger(value, min, max, path);
}

export function oneOf<const T extends string | number>(allowed: readonly T[]): (value: unknown, path: Path) => T {
  return (value, path) => checkOneOf(value, allowed, path);
}

export function checkInteger(value: unknown, min: number, max: number, path: Path): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw expected(path, `an integer from ${min} to ${max}`, value);
  }
  return value;
}

export function checkBoolean(value: unknown, path: Path): boolean {
  if (typeof value !== 'boolean') throw expected(path, 'true or false', value);
  return value;
}

export function checkString(value: unknown, path: Path): string {
  if (typeof value !== 'string') throw expected(path, 'a string', value);
  return value;
}

export function checkArray(value: unknown, path: Path): readonly unknown[] {
  if (!Array.isArray(value)) throw expected(path, 'an array', value);
  return value;
}

export function checkFunction(value: unknown, path: Path): void {
  if (typeof value !== 'function') throw expected(path, 'a function', value);
}

/** A function that is a method of the options object. */
export type Method = (...parameters: unknown[]) => unknown;

/** @returns the function, bound to its options object. */
export function checkMethod(value: unknown, path: Path, options: UncheckedOptions): Method {
  if (typeof value !== 'function') throw expected(path, 'a function', value);
  return value.bind(options);
}

/** For functions whose result is needed at once. */
export function checkSynchronous(value: unknown, path: Path): void {
  checkFunction(value, path);
  if (types.isAsyncFunction(value)) throw expected(path, 'a synchronous function', value);
}

/** Checks a function that chooses. @returns a wrapper that refuses promises, which would all count as true. */
export function checkChoice<Item>(choose: (item: Item) => boolean, path: Path): (item: Item) => boolean {
  checkSynchronous(choose, path);
  return (item) => {
    const chosen: unknown = choose(item);
    if (!isPromiseLike(chosen)) return Boolean(chosen);
    toPromise(chosen).catch(() => undefined);
    throw expected(path, 'a synchronous function', choose);
  };
}

export function checkOneOf<T extends string | number>(value: unknown, allowed: readonly T[], path: Path): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw expected(path, `one of ${allowed.map(show).join(', ')}`, value);
  return found;
}

/** Text (as UTF-8), bytes, or `{ hex: '00ff' }`. */
export type BytesInput = string | Uint8Array | { readonly hex: string };

/** @returns a copy of at most `maxLength` bytes. */
export function checkBytes(value: unknown, maxLength: number, path: Path): Uint8Array {
  const bytes = toBytes(value, path);
  if (bytes.length > maxLength)
    throw new OptionsError(path, `expected at most ${maxLength} bytes, found ${bytes.length}`);
  return bytes;
}

function toBytes(value: unknown, path: Path): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (isObject(value) && 'hex' in value) return checkOptions(value, { hex: fromHex }, path).hex;
  throw expected(path, "text, bytes, or { hex: '00ff' }", value);
}

function fromHex(value: unknown, path: Path): Uint8Array {
  const digits = checkString(value, path).replaceAll(/\s/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits))
    throw expected(path, 'pairs of hexadecimal digits', value);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
