import type { ErrorObject } from 'ajv';
import type { Path } from '../ground/path.js';
import { didYouMean } from '../ground/suggest.js';
import { allowed, found } from './describe.js';
import { numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { referenceHint } from './references.js';
import type { JsonSchema } from './schema-parts.js';

/** What the validator reports, as problems for people. Of the wrong values of one list, the first stands for all. */
export function schemaProblems(errors: readonly ErrorObject[], config: unknown): Problem[] {
  return [...inLists(errors.filter(isReported), config).values()].map(([first, ...others]) => {
    const problem = toProblem(first, config);
    if (others.length === 0) return problem;
    return { ...problem, message: `${problem.message} (and ${others.length} more like it in this list)` };
  });
}

/** The errors by the list whose items they are about; any other error is alone. Of several about one item the first counts. */
function inLists(errors: readonly ErrorObject[], config: unknown): Map<unknown, [ErrorObject, ...ErrorObject[]]> {
  const groups = new Map<unknown, [ErrorObject, ...ErrorObject[]]>();
  for (const error of errors) {
    const path = pathIn(config, error.instancePath);
    const isItem = typeof path.at(-1) === 'number' && typeof error.data !== 'object';
    const key = isItem ? path.slice(0, -1).join('/') : error;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [error]);
    else if (group.at(-1)?.instancePath !== error.instancePath) group.push(error);
  }
  return groups;
}

/** Errors inside of a `oneOf` or `anyOf`, and of `if` and `propertyNames`, only repeat another one. */
function isReported({ keyword, schemaPath }: ErrorObject): boolean {
  return !/\/(?:oneOf|anyOf)\/\d+\//.test(schemaPath) && keyword !== 'if' && keyword !== 'propertyNames';
}

function toProblem(error: ErrorObject, config: unknown): Problem {
  const path = pathIn(config, error.instancePath);
  const schema: JsonSchema = error.parentSchema ?? {};
  const { params } = error;
  if (error.propertyName !== undefined) {
    const key = error.propertyName;
    return { path: [...path, key], atKey: true, message: `expected ${schema.title}, found "${key}"` };
  }
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(path, String(params.additionalProperty), schema);
    case 'required':
      return missingKey(path, String(params.missingProperty), schema);
    case 'dependencies':
      return {
        path: [...path, String(params.property)],
        atKey: true,
        message: `expected only beside ${params.missingProperty}, found without it`,
      };
    case 'oneOf':
    case 'anyOf':
      return { path, message: eitherOr(error, schema) };
    case 'maximum':
      return { path, message: `${badValue(error, schema)}${startHint(path, config)}` };
    default:
      return { path, message: badValue(error, schema) };
  }
}

/** A start that is too large for an address may be a reference with six digits. */
function startHint(path: Path, config: unknown): string {
  if (path.at(-1) !== 'start') return '';
  const owner = path.slice(0, -1).reduce((value, key) => valueAt(value, String(key)), config);
  const unit = path.slice(0, 2).reduce((value, key) => valueAt(value, String(key)), config);
  const table = valueAt(owner, 'table');
  const first = table === undefined ? numberAt(unit, 'firstAddress') : 0;
  return referenceHint(table ?? path.at(-3), valueAt(owner, 'start'), first);
}

function unknownKey(path: Path, key: string, schema: JsonSchema): Problem {
  const known = Object.keys(schema.properties ?? {});
  const message = `unknown key; expected one of ${known.join(', ')}${didYouMean(key, known, '"')}`;
  return { path: [...path, key], atKey: true, message };
}

function missingKey(path: Path, key: string, schema: JsonSchema): Problem {
  const wanted = schema.properties?.[key];
  return { path, message: `expected the key "${key}"${wanted ? ` (${allowed(wanted)})` : ''}, found none` };
}

function eitherOr({ keyword, data }: ErrorObject, schema: JsonSchema): string {
  const keys = (schema[keyword === 'oneOf' ? 'oneOf' : 'anyOf'] ?? []).flatMap(({ required }) => required ?? []);
  const given = keys.filter((key) => typeof data === 'object' && data !== null && key in data);
  const choice = keyword === 'oneOf' ? 'exactly one of' : 'at least one of';
  return `expected ${choice} ${keys.join(', ')}, found ${given.length === 0 ? 'none' : given.join(' and ')}`;
}

function badValue({ keyword, data, params }: ErrorObject, schema: JsonSchema): string {
  if (keyword === 'uniqueItems') return `expected each only once, found the same at [${params.j}] and [${params.i}]`;
  return `expected ${allowed(schema)}, found ${found(data)}${hint(data, schema)}`;
}

/** What YAML 1.1 took for true and false, and 1.2 takes for texts. */
const SWITCHES = new Map([
  ...['on', 'yes', 'y'].map((word) => [word, true] as const),
  ...['off', 'no', 'n'].map((word) => [word, false] as const),
]);

function hint(data: unknown, { enum: values = [], type = [] }: JsonSchema): string {
  const meant = typeof data === 'string' && type.includes('boolean') ? SWITCHES.get(data.toLowerCase()) : undefined;
  if (meant !== undefined) return `; write ${meant}`;
  if (typeof data === 'string') return didYouMean(data, values.map(String), '"');
  // Such as the revision 1.0, which YAML takes as a number.
  const wantsText = type.includes('string') && !type.includes('integer');
  return wantsText && ['number', 'boolean'].includes(typeof data) ? '; put it in quotes to make it a text' : '';
}

/** A JSON pointer as keys; a number is an index only where the config has a list. */
function pathIn(config: unknown, pointer: string): Path {
  const path: (string | number)[] = [];
  let value = config;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return path;
}
