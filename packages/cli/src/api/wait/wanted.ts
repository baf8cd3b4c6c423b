import type { Point, PointType, PointValue } from 'busbar';
import type { Wait } from '../contract.js';
import { numberFromJson, quoted, valueToJson } from '../json.js';
import { ApiProblem } from '../problem.js';
import type { Reading, Target } from './target.js';

type Given = NonNullable<Wait['until']['equals']>;
type Value = Reading['value'];

/** Whether above and below make sense. */
export function isNumeric({ point, place, isOfBits }: Target): boolean {
  return point === undefined ? place.count === 1 && !isOfBits : kindOf(point) === 'number';
}

/** The value as the target has it when it is so. @throws ApiProblem if it can never have it. */
export function wantedValue(given: Given, target: Target): Value {
  const { point } = target;
  return point === undefined ? ofRange(given, target) : ofPoint(given, point);
}

type Kind = 'bool' | 'string' | 'bits' | 'raw' | 'label' | 'number';

function kindOf({ type, labels }: Point): Kind {
  if (isKind(type)) return type;
  return labels === undefined ? 'number' : 'label';
}

function isKind(type: PointType): type is PointType & Kind {
  return type === 'bool' || type === 'string' || type === 'bits' || type === 'raw';
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  bool: 'true or false',
  string: 'a text',
  bits: 'a list of labels',
  raw: 'a list of registers',
  label: 'one of the labels',
  number: 'a number',
};

function ofPoint(given: Given, point: Point): Value {
  const kind = kindOf(point);
  if (kind === 'number') return numeric(given, point.name);
  const labels = Object.values(point.labels ?? {});
  const fits: Record<typeof kind, boolean> = {
    bool: typeof given === 'boolean',
    string: typeof given === 'string',
    bits: Array.isArray(given) && given.every((each) => typeof each === 'string'),
    raw: Array.isArray(given) && given.every((each) => typeof each === 'number'),
    label: typeof given === 'string' && labels.includes(given),
  };
  if (fits[kind]) return given;
  throw unexpected(point.name, EXPECTED[kind], given, kind === 'label' ? labels : undefined);
}

/** One value of a range may stand without a list. */
function ofRange(given: Given, { name, place, isOfBits }: Target): Value {
  const list: readonly (string | number | boolean)[] = Array.isArray(given) ? given : [given];
  if (list.length !== place.count) throw unexpected(name, `${place.count} values`, given);
  if (!isOfBits) return list.map((each) => numeric(each, name));
  return list.map((each) => {
    if (typeof each === 'boolean') return each;
    throw unexpected(name, EXPECTED.bool, given);
  });
}

function numeric(given: Given, name: string): number | string {
  const number: PointValue = typeof given === 'number' || typeof given === 'string' ? numberFromJson(given) : '';
  const json = valueToJson(number);
  if ((typeof number === 'number' || typeof number === 'bigint') && !Array.isArray(json) && typeof json !== 'boolean') {
    return json;
  }
  throw unexpected(name, EXPECTED.number, given);
}

function unexpected(name: string, expected: string, given: Given, allowed?: readonly string[]): ApiProblem {
  const detail = `until.equals: expected ${expected} for ${name}, found ${quoted(given)}`;
  return new ApiProblem(422, detail, allowed && { allowed });
}
