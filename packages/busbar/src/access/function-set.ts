import { checkInteger, checkList, type Path, show } from '../checks.js';
import { OptionsError } from '../errors.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { hasSubFunctions, subFunctionLength } from '../protocol/sub-functions.js';

/**
 * A function that rules allow: a code, 1..127, for the whole function, or one sub-function as the Modbus documents
 * write it: `'08/04'`, `'2B/0E'`, both parts in hexadecimal.
 */
export type FunctionRule = number | `${string}/${string}`;

const MAX_CODE = 0x7f;
const SUB_FUNCTION = /^([0-9a-f]{1,2})\/([0-9a-f]{1,4})$/i;
const PUBLIC_CODES: ReadonlySet<number> = new Set(Object.values(FunctionCode));

/** Functions that are allowed, whole or by sub-function. */
export class FunctionSet {
  readonly #whole = new Set<number>();
  readonly #subFunctions = new Map<number, Set<number>>();

  add(code: number, subFunction: number | undefined): void {
    const others = this.#subFunctions.get(code);
    if (subFunction === undefined) this.#whole.add(code);
    else if (others === undefined) this.#subFunctions.set(code, new Set([subFunction]));
    else others.add(subFunction);
  }

  /** @param subFunction undefined if the request has none: then only a rule for the whole function allows it. */
  has(code: number, subFunction: number | undefined): boolean {
    if (this.#whole.has(code)) return true;
    return subFunction !== undefined && this.#subFunctions.get(code)?.has(subFunction) === true;
  }
}

/** Checks a list of allowed functions; undefined allows all. */
export function checkFunctionSet(rules: unknown, path: Path): FunctionSet | undefined {
  if (rules === undefined) return undefined;
  const set = new FunctionSet();
  checkList(rules, path, (rule, at) => {
    if (typeof rule === 'string') addSubFunction(set, rule, at);
    else set.add(checkCode(rule, at), undefined);
  });
  return set;
}

function checkCode(code: unknown, path: Path): number {
  if (typeof code === 'number' && Number.isInteger(code) && code >= 1 && code <= MAX_CODE) return code;
  const expected = `an integer from 1 to ${MAX_CODE}, or a sub-function such as "08/04"`;
  throw new OptionsError(path, `expected ${expected}, found ${show(code)}`);
}

function addSubFunction(set: FunctionSet, rule: string, path: Path): void {
  const [, first, second] = SUB_FUNCTION.exec(rule) ?? [];
  if (first === undefined || second === undefined) {
    const expected = 'a function and a sub-function in hexadecimal, such as "08/04" or "2B/0E"';
    throw new OptionsError(path, `expected ${expected}, found ${show(rule)}`);
  }
  const code = checkInteger(Number.parseInt(first, 16), 1, MAX_CODE, path);
  if (PUBLIC_CODES.has(code) && !hasSubFunctions(code)) {
    throw new OptionsError(path, `function ${first} has no sub-functions: write ${code} to allow it`);
  }
  const max = subFunctionLength(code) === 2 ? 0xffff : 0xff;
  set.add(code, checkInteger(Number.parseInt(second, 16), 0, max, path));
}
