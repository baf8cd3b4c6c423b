import { type Checks, checkList, checkOptions, integer, oneOf, optional, type Path, withDefault } from '../checks.js';
import { OptionsError } from '../errors.js';
import { rangeChecks } from '../protocol/address-range.js';
import { readUint16 } from '../protocol/bytes.js';
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
 * Values that clients may write to holding registers: `min`..`max`, or one of `enum`. Bounds are 0..65535, or
 * -32768..32767 if one is negative: then the register is read as signed.
 */
export interface ValueLimit {
  readonly table: 'holdingRegisters';
  readonly start: number;
  readonly count: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly enum?: readonly number[] | undefined;
}

/** What clients may do with a unit. The program itself is not restricted. */
export interface AccessOptions {
  /** The allowed functions, or sub-functions such as `'08/00'`; others get exception 01. Default: all. */
  readonly functions?: readonly FunctionRule[] | undefined;
  /** `true` refuses every write, even to files. */
  readonly readOnly?: boolean | readonly ReadOnlyRange[] | undefined;
  /** Exception code for a write to something read-only. Default 2. */
  readonly readOnlyException?: 1 | 2 | 3 | undefined;
  /** A write of any other value is refused with exception 03. */
  readonly limits?: readonly ValueLimit[] | undefined;
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

const RANGE = rangeChecks();

function readOnlyRule(rule: unknown, path: Path): Rule {
  const { table, start, count } = checkOptions(rule, { table: oneOf(WRITABLE_TABLES), ...RANGE }, path);
  return { table, start, end: start + count };
}

const checkBound = integer(-0x8000, 0xffff);

const LIMIT = {
  table: oneOf(['holdingRegisters']),
  ...RANGE,
  min: optional(checkBound),
  max: optional(checkBound),
  enum: optional((values, path) => checkList(values, path, checkBound)),
} satisfies Checks<ValueLimit>;

function limitRule(rule: unknown, path: Path): LimitRule {
  const { table, start, count, enum: listed, min, max } = checkOptions(rule, LIMIT, path);
  const range = { table, start, end: start + count };
  if (listed !== undefined) {
    if (min !== undefined || max !== undefined) {
      throw new OptionsError([...path, 'enum'], 'give either enum or min and max, not both');
    }
    return { ...range, signed: isSigned(listed, path), allows: (value) => listed.includes(value) };
  }
  if (min === undefined && max === undefined) throw new OptionsError(path, 'give min, max or enum');
  const signed = isSigned([min ?? 0, max ?? 0], path);
  const { least, most } = { least: min ?? (signed ? -0x8000 : 0), most: max ?? (signed ? 0x7fff : 0xffff) };
  if (least > most) throw new OptionsError([...path, 'min'], `${least} is above max, ${most}`);
  return { ...range, signed, allows: (value) => value >= least && value <= most };
}

function isSigned(values: readonly number[], path: Path): boolean {
  const signed = values.some((value) => value < 0);
  if (signed && values.some((value) => value > 0x7fff)) {
    throw new OptionsError(path, 'with a negative bound the register is signed: no bound may be above 32767');
  }
  return signed;
}

const CHECKS = {
  functions: checkFunctionSet,
  readOnly: withDefault(
    (rules, path) => (typeof rules === 'boolean' ? rules : checkList(rules, path, readOnlyRule)),
    false,
  ),
  readOnlyException: withDefault(oneOf([1, 2, 3]), 2),
  limits: withDefault((limits, path) => checkList(limits, path, limitRule), []),
} satisfies Checks<AccessOptions>;

/** The checked access rules of one unit. */
export class Access {
  /** Undefined: all. */
  readonly functions: FunctionSet | undefined;
  readonly readOnly: boolean;
  readonly readOnlyException: number;
  /** Whether it may refuse a write of a range. */
  readonly restrictsWrites: boolean;
  readonly #readOnly: readonly Rule[];
  readonly #limits: readonly LimitRule[];

  constructor(options: unknown = {}, path: Path = []) {
    const { functions, readOnly, readOnlyException, limits } = checkOptions(options, CHECKS, path);
    this.functions = functions;
    this.readOnly = readOnly === true;
    this.#readOnly = typeof readOnly === 'boolean' ? [] : readOnly;
    this.readOnlyException = readOnlyException;
    this.#limits = limits;
    this.restrictsWrites = this.readOnly || this.#readOnly.length > 0 || limits.length > 0;
  }

  /** The exception code for a write to this range, or 0 if it is allowed. `source` holds the registers in wire form. */
  refusal(table: TableName, address: number, quantity: number, source: Uint8Array, at: number): number {
    if (!this.restrictsWrites) return 0;
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
