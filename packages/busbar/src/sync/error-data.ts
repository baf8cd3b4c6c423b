import * as errors from '../errors.js';
import type { ErrorData } from './messages.js';

/** Maximum depth of causes that are included. */
const MAX_DEPTH = 5;
const OWN_KEYS = ['name', 'message', 'stack', 'cause'];

/** A thrown value in a form that can be posted. Never throws, however hostile the value. */
export function encodeError(thrown: unknown, depth = 0): ErrorData {
  const error = errors.asError(thrown);
  try {
    return encode(error, depth);
  } catch {
    return { name: error.name, message: error.message, cause: undefined, fields: {} };
  }
}

function encode(error: Error, depth: number): ErrorData {
  const { name, message, cause } = error;
  const fields = Object.entries(error).filter(([key, value]) => !OWN_KEYS.includes(key) && isPlain(value));
  // Copy now, so that no getter can throw when the error is posted.
  const copied = structuredClone(Object.fromEntries(fields));
  return { name, message, cause: encodeCause(cause, depth + 1), fields: copied };
}

function encodeCause(cause: unknown, depth: number): ErrorData | string | undefined {
  if (cause === undefined || depth > MAX_DEPTH) return undefined;
  const error = errors.asError(cause);
  return error === cause ? encodeError(error, depth) : error.message;
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object') return ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
  if (Array.isArray(value)) return value.every(isPlain);
  return value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}

const CLASSES = new Map<string, object>(
  Object.values(errors).flatMap((each) => (isErrorClass(each) ? [[each.name, each.prototype]] : [])),
);
for (const each of [TypeError, RangeError, SyntaxError, ReferenceError]) CLASSES.set(each.name, each.prototype);

function isErrorClass(value: unknown): value is typeof errors.BusbarError {
  return typeof value === 'function' && value.prototype instanceof Error;
}

/** The same error, of the same class, as if thrown here. */
export function decodeError({ name, message, cause, fields }: ErrorData): Error {
  const options = { cause: typeof cause === 'object' ? decodeError(cause) : cause };
  const error = new Error(message, cause === undefined ? undefined : options);
  const prototype = CLASSES.get(name);
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
  Object.assign(error, fields);
  if (error.name !== name) Object.assign(error, { name });
  Error.captureStackTrace(error, decodeError);
  return error;
}
