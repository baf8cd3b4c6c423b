import { types } from 'node:util';
import { OptionsError } from './errors.js';
import { isPromiseLike, toPromise } from './promise.js';

export type Path = readonly (string | number)[];

/** Names what was found, short enough for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (types.isProxy(value)) return 'a Proxy';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return types.isAsyncFunction(value) ? 'an async function' : 'a function';
  return String(value);
}

function expected(path: Path, what: string, found: unknown): OptionsError {
  return new OptionsError(path, `expected ${what}, found ${show(found)}`);
}

/** Refuses anything but a plain options object whose keys are all known. */
export function checkKeys(options: unknown, known: readonly string[], path: Path = []): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw expected(path, 'an options object', options);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new OptionsError([...path, key], `unknown option; known are ${known.join(', ')}`);
  }
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

/** For functions whose answer is needed at once. */
export function checkSynchronous(value: unknown, path: Path): void {
  if (types.isAsyncFunction(value)) throw expected(path, 'a function that answers at once', value);
}

/** Checks a function that chooses. @returns it, made to refuse a promise: each of those would be a yes. */
export function checkChoice<Item>(choose: (item: Item) => boolean, path: Path): (item: Item) => boolean {
  checkFunction(choose, path);
  checkSynchronous(choose, path);
  return (item) => {
    const chosen: unknown = choose(item);
    if (!isPromiseLike(chosen)) return Boolean(chosen);
    toPromise(chosen).catch(() => undefined);
    throw expected(path, 'a function that answers at once', choose);
  };
}

export function checkOneOf<T extends string | number>(value: unknown, allowed: readonly T[], path: Path): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw expected(path, `one of ${allowed.map(show).join(', ')}`, value);
  return found;
}

/** Text (as UTF-8), bytes, or `{ hex: '00ff' }`. */
export type BytesInput = string | Uint8Array | { readonly hex: string };

/** @returns bytes of their own, at most `maxLength`. */
export function checkBytes(value: unknown, maxLength: number, path: Path): Uint8Array {
  const bytes = toBytes(value, path);
  if (bytes.length > maxLength)
    throw new OptionsError(path, `expected at most ${maxLength} bytes, found ${bytes.length}`);
  return bytes;
}

function toBytes(value: unknown, path: Path): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (typeof value === 'object' && value !== null && 'hex' in value) {
    checkKeys(value, ['hex'], path);
    return fromHex(value.hex, [...path, 'hex']);
  }
  throw expected(path, "text, bytes, or { hex: '00ff' }", value);
}

function fromHex(value: unknown, path: Path): Uint8Array {
  const digits = checkString(value, path).replaceAll(/\s/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits))
    throw expected(path, 'pairs of hexadecimal digits', value);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
