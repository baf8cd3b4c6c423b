import type { Point, Unit } from '../api/contract.js';
import { Failure } from '../ground/failure.js';
import { didYouMean } from '../ground/suggest.js';
import type { RemoteClient } from './client.js';

/** A point, and what people call it: `boiler.flow`, or `flow` where there is only one unit. */
export interface NamedPoint {
  readonly name: string;
  readonly point: Point;
}

/** Units that are asked for their points at the same time. The API cuts off whoever takes too many connections. */
const AT_ONCE = 16;

/** The path of a unit in the API. */
export function unitPath(key: string | number): string {
  return `units/${encodeURIComponent(key)}`;
}

export function pointPath({ unit, name }: Pick<Point, 'unit' | 'name'>): string {
  return `${unitPath(unit)}/points/${encodeURIComponent(name)}`;
}

/** Every point of every unit. */
export async function allPoints(client: RemoteClient): Promise<NamedPoint[]> {
  const units = await client.get<Unit[]>('units');
  const named: NamedPoint[] = [];
  for (let i = 0; i < units.length; i += AT_ONCE) {
    const asked = units.slice(i, i + AT_ONCE).map((unit) => pointsOf(client, unit, units));
    named.push(...(await Promise.all(asked)).flat());
  }
  return named;
}

async function pointsOf(client: RemoteClient, unit: Unit, units: readonly Unit[]): Promise<NamedPoint[]> {
  const points = await client.get<Point[]>(`${unitPath(unit.key)}/points`);
  return points.map((point) => ({ name: nameOf(point, unit, units), point }));
}

function nameOf({ name }: Point, unit: Unit, units: readonly Unit[]): string {
  return units.length === 1 ? name : `${unitWord(unit)}.${name}`;
}

function unitWord({ key, name }: Unit): string {
  return name ?? `unit${key}`;
}

/**
 * The points that words name: `flow` if one unit alone has it, `boiler.flow`, `1.flow` or `unit1.flow`.
 * @throws Failure with what may have been meant.
 */
export async function findPoints(client: RemoteClient, words: readonly string[]): Promise<NamedPoint[]> {
  const units = await client.get<Unit[]>('units');
  const all = await allPoints(client);
  return words.map((word) => find(word, units, all));
}

function find(word: string, units: readonly Unit[], all: readonly NamedPoint[]): NamedPoint {
  const dot = word.lastIndexOf('.');
  const unit = dot < 0 ? undefined : unitOf(word.slice(0, dot), units);
  const name = word.slice(dot + 1);
  const found = all.filter(({ point }) => point.name === name && (unit === undefined || unit.key === point.unit));
  const [first, second] = found;
  if (first === undefined) throw unknown(word, name, unit, all);
  if (second === undefined) return first;
  throw new Failure(`several units have a point ${name}: say which: ${found.map((each) => each.name).join(', ')}`);
}

function unitOf(word: string, units: readonly Unit[]): Unit {
  const unit = units.find(({ key, name }) => [String(key), name, `unit${key}`].includes(word));
  if (unit !== undefined) return unit;
  const known = units.map(unitWord);
  throw new Failure(`there is no unit ${word}${didYouMean(word, known) || `; there are ${known.join(', ')}`}`);
}

function unknown(word: string, name: string, unit: Unit | undefined, all: readonly NamedPoint[]): Failure {
  const [there, place] =
    unit === undefined ? [all, ''] : [all.filter(({ point }) => point.unit === unit.key), ` of ${unitWord(unit)}`];
  if (there.length === 0)
    return new Failure(`there is no point ${word}: ${unit === undefined ? 'the device' : unitWord(unit)} has none`);
  const hint = didYouMean(name, [...new Set(there.map(({ point }) => point.name))]);
  return new Failure(`there is no point ${name}${place}${hint || '; busbar get lists all'}`);
}
