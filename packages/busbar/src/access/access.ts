import { checkArray, checkInteger, checkKeys, checkOneOf, type Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import { readUint16 } from '../protocol/bytes.js';
import { ADDRESS_COUNT } from '../protocol/limits.js';
import type { TableName } from '../protocol/tables.js';
import { checkFunctionSet, type FunctionRule, type FunctionSet } from './function-set.js';

type WritableTable = 'coils' | 'holdingRegisters';
const WRITABLE_TABLES: readonly WritableTable[] = ['coils', 'holdingRegisters'];

/** Addresses that clients may not write. */
export interface ReadOnlyRange {
  readonly table: WritableTable;
  readonly start: number;
  readonly count: number;
}

/**
 * Values that clients may write to holding registers: `min`..`max`, or one of `enum`. Bounds are 0..65535, or -32768..32767 with
 * a negative one among them: then the register is read as signed.
 */
export interface ValueLimit {
  readonly table: 'holdingRegisters';
  readonly start: number;
  readonly count: number;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly number[];
}

/** What clients may do with a unit. The program itself is not bound by it. */
export interface AccessOptions {
  /** Functions, or sub-functions such as `'08/00'`, that are answered; others get exception 01. All if absent. */
  readonly functions?: readonly FunctionRule[];
  /** `true` refuses every write, to files too. */
  readonly readOnly?: boolean | readonly ReadOnlyRange[];
  /** Exception code of a refused write to something read-only; 2 if absent. */
  readonly readOnlyException?: 1 | 2 | 3;
  /** A write of any other value is refused with exception 03. */
  readonly limits?: readonly ValueLimit[];
}

interface Rule {
  readonly table: WritableTable;
  readonly start: number;
  readonly end: number;
}

interface LimitRule extends Rule {
  readonly signed: boolean;
  readonly allows: (value: number) => boolean;
}

/** The access rules of one unit, ready to be asked for every write. */
export class Access {
  /** Undefined: all. */
  readonly functions: FunctionSet | undefined;
  readonly readOnly: boolean;
  readonly readOnlyException: number;
  readonly #readOnly: readonly Rule[];
  readonly #limits: readonly LimitRule[];

  constructor(options: AccessOptions = {}, path: Path = []) {
    checkKeys(options, ['functions', 'readOnly', 'readOnlyException', 'limits'], path);
    this.functions = checkFunctionSet(options.functions, [...path, 'functions']);
    this.readOnly = options.readOnly === true;
    const ranges = typeof options.readOnly === 'boolean' ? [] : (options.readOnly ?? []);
    this.#readOnly = checkArray(ranges, [...path, 'readOnly']).map((each, i) =>
      readOnlyRule(each, [...path, 'readOnly', i]),
    );
    this.readOnlyException = checkOneOf(options.readOnlyException ?? 2, [1, 2, 3], [...path, 'readOnlyException']);
    const limits = checkArray(options.limits ?? [], [...path, 'limits']);
    this.#limits = limits.map((each, i) => limitRule(each, [...path, 'limits', i]));
  }

  /** Exception code that the write of this range has to be refused with, or 0. `source` holds the registers in wire form. */
  refusal(table: TableName, address: number, quantity: number, source: Uint8Array, at: number): number {
    const end = address + quantity;
    if (
      this.readOnly ||
      this.#readOnly.some((rule) => rule.table === table && address < rule.end && rule.start < end)
    ) {
      return this.readOnlyException;
    }
    const within = this.#limits.every((rule) => rule.table !== table || allowsRange(rule, address, end, source, at));
    return within ? 0 : 3;
  }
}

function allowsRange(rule: LimitRule, address: number, end: number, source: Uint8Array, at: number): boolean {
  for (let here = Math.max(address, rule.start); here < Math.min(end, rule.end); here++) {
    const raw = readUint16(source, at + 2 * (here - address));
    if (!rule.allows(rule.signed && raw > 0x7fff ? raw - 0x10000 : raw)) return false;
  }
  return true;
}

function checkRule(rule: { [key: string]: unknown }, path: Path): { start: number; end: number } {
  const start = checkInteger(rule.start, 0, ADDRESS_COUNT - 1, [...path, 'start']);
  return { start, end: start + checkInteger(rule.count, 1, ADDRESS_COUNT - start, [...path, 'count']) };
}

function readOnlyRule(rule: unknown, path: Path): Rule {
  checkKeys(rule, ['table', 'start', 'count'], path);
  const found = rule as { [key: string]: unknown };
  return { table: checkOneOf(found.table, WRITABLE_TABLES, [...path, 'table']), ...checkRule(found, path) };
}

function limitRule(rule: unknown, path: Path): LimitRule {
  checkKeys(rule, ['table', 'start', 'count', 'min', 'max', 'enum'], path);
  const found = rule as { [key: string]: unknown };
  const table = checkOneOf(found.table, ['holdingRegisters'] as const, [...path, 'table']);
  const check = (value: unknown, key: string | number) => checkInteger(value, -0x8000, 0xffff, [...path, key]);
  if (found.enum !== undefined) {
    if (found.min !== undefined || found.max !== undefined) {
      throw new OptionsError([...path, 'enum'], 'give either enum or min and max, not both');
    }
    const values = checkArray(found.enum, [...path, 'enum']).map((value) => check(value, 'enum'));
    return {
      table,
      ...checkRule(found, path),
      signed: isSigned(values, path),
      allows: (value) => values.includes(value),
    };
  }
  if (found.min === undefined && found.max === undefined) throw new OptionsError(path, 'give min, max or enum');
  const bounds = [found.min ?? 0, found.max ?? 0].map((value, i) => check(value, i === 0 ? 'min' : 'max'));
  const signed = isSigned(bounds, path);
  const min = found.min === undefined ? (signed ? -0x8000 : 0) : bounds[0];
  const max = found.max === undefined ? (signed ? 0x7fff : 0xffff) : bounds[1];
  if (min > max) throw new OptionsError([...path, 'min'], `${min} is above max, ${max}`);
  return { table, ...checkRule(found, path), signed, allows: (value) => value >= min && value <= max };
}

function isSigned(values: readonly number[], path: Path): boolean {
  const signed = values.some((value) => value < 0);
  if (signed && values.some((value) => value > 0x7fff)) {
    throw new OptionsError(path, 'with a negative bound the register is signed: no bound may be above 32767');
  }
  return signed;
}
