import { types } from 'node:util';
import {
  type Checks,
  checkInteger,
  checkList,
  checkMembers,
  checkMethod,
  checkOptions,
  integer,
  type Method,
  oneOf,
  optional,
  type Path,
  show,
  withDefault,
} from '../checks.js';
import { contextOf } from '../data/request.js';
import type { RequestContext } from '../data/unit.js';
import { HandlerError, OptionsError } from '../errors.js';
import { after } from '../promise.js';
import { copyBytes } from '../protocol/bytes.js';
import type { LengthRule } from '../protocol/length-rule.js';
import { subFunctionLength } from '../protocol/sub-functions.js';
import type { Effect, ModbusFunction, Result, Transaction } from './transaction.js';

/** Reply bytes after the function code (and sub-function). */
export type CustomReply = Uint8Array | readonly number[];

/** A function of the user's own, or one that replaces a public function. */
export interface CustomFunction {
  /** 1..127. */
  readonly code: number;
  /**
   * Only requests with this sub-function: the two bytes after code 08, or the one byte after any other code (for 2B,
   * the MEI type).
   */
  readonly subFunction?: number | undefined;
  /**
   * Length of the whole request PDU in bytes, function code included: a number, or `base` bytes plus as many as the
   * byte at `countAt` says. Other lengths get exception 03. On an RTU line it also shows where the request ends;
   * without it, only the CRC and silence do.
   */
  readonly requestLength?: number | LengthRule | undefined;
  /**
   * What it does to the unit. While it runs, `write` (the default) holds back all other requests of the unit, `read`
   * holds back writes, and `none` holds back nothing.
   */
  readonly effect?: Effect | undefined;
  /**
   * Carries a request out. Throw a `ModbusException` to refuse.
   * @param request the bytes after the function code (and sub-function).
   * @returns the reply's bytes after the same.
   */
  execute(request: Uint8Array, context: RequestContext): CustomReply | Promise<CustomReply>;
}

/** A checked custom function, in the form that servers call. */
export interface CheckedCustomFunction extends ModbusFunction {
  readonly code: number;
  readonly subFunction: number | undefined;
}

const EFFECTS: readonly Effect[] = ['none', 'read', 'write'];

const CHECKS = {
  code: integer(1, 0x7f),
  subFunction: optional((subFunction, path, { code }) =>
    checkInteger(subFunction, 0, subFunctionLength(Number(code)) === 2 ? 0xffff : 0xff, path),
  ),
  requestLength: optional(checkLength),
  effect: withDefault(oneOf(EFFECTS), 'write'),
  execute: checkMethod,
} satisfies Checks<CustomFunction>;

export function checkCustomFunctions(options: unknown = [], path: Path): CheckedCustomFunction[] {
  const seen = new Set<string>();
  return checkList(options, path, (option, at) => {
    const checked = checkCustomFunction(option, at);
    const key = `${checked.code}/${checked.subFunction}`;
    if (seen.has(key))
      throw new OptionsError([...at, 'code'], 'another custom function has the same code and sub-function');
    seen.add(key);
    return checked;
  });
}

function checkCustomFunction(option: unknown, path: Path): CheckedCustomFunction {
  const { code, subFunction, requestLength, effect, execute } = checkMembers(option, CHECKS, path);
  const prefix = 1 + (subFunction === undefined ? 0 : subFunctionLength(code));
  return {
    code,
    subFunction,
    length: requestLength,
    effect,
    custom: true,
    execute: (transaction) => executeCustom(execute, transaction, prefix),
  };
}

function checkLength(option: unknown, path: Path): LengthRule {
  if (typeof option === 'number') return { base: checkInteger(option, 1, 0xffff, path) };
  const { base, countAt } = checkOptions(option, LENGTH, path);
  return countAt === undefined ? { base } : { base, countAt };
}

const LENGTH = {
  base: integer(1, 0xffff),
  countAt: optional((countAt, path, { base }) =>
    checkInteger(countAt, 1, typeof base === 'number' ? base - 1 : 0xffff, path),
  ),
} satisfies Checks<LengthRule>;

function executeCustom(execute: Method, transaction: Transaction, prefix: number): Result | Promise<Result> {
  const { request, start, end } = transaction;
  const data = request.slice(start + prefix, end);
  const answer = execute(data, contextOf(transaction));
  return after(answer, (reply) => writeCustom(transaction, prefix, reply));
}

function writeCustom(transaction: Transaction, prefix: number, answer: unknown): Result {
  const { unit, functionCode, request, start, reply, replyStart, maxPduLength } = transaction;
  const max = maxPduLength - prefix;
  const bytes = bytesOf(answer, max);
  if (bytes === undefined || bytes.length > max) {
    const found = bytes === undefined ? show(answer) : `more than ${max}`;
    throw new HandlerError('HANDLER_ANSWER', `a custom function must return 0 to ${max} bytes, found ${found}`, {
      unit: unit.id,
      functionCode,
    });
  }
  copyBytes(request, start, prefix, reply, replyStart);
  copyBytes(bytes, 0, bytes.length, reply, replyStart + prefix);
  return prefix + bytes.length;
}

/**
 * A copy of the result, at most one byte longer than `max`, so that exactly the checked bytes are sent. Undefined if
 * the result is invalid.
 */
function bytesOf(answer: unknown, max: number): Uint8Array | undefined {
  if (types.isUint8Array(answer)) return new Uint8Array(answer);
  if (!Array.isArray(answer)) return undefined;
  const bytes: unknown[] = Array.from({ length: Math.min(answer.length, max + 1) }, (_, i) => answer[i]);
  return bytes.every(isByte) ? Uint8Array.from(bytes) : undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff;
}
