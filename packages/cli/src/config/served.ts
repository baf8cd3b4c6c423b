import { formatPath } from 'busbar';
import type { Path } from '../ground/path.js';
import { didYouMean } from '../ground/suggest.js';
import { found } from './describe.js';
import { entries, numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';

// Which units a listener serves: those that its own `units` names, by id or by name, or else all. Units are told by
// their places in the config's list, since two of them may have the same id.

/** The places of the units that a listener serves, in the order of its list. */
export function servedPlaces(listener: unknown, units: readonly unknown[]): number[] {
  const names = valueAt(listener, 'units');
  return Array.isArray(names) ? names.flatMap((name) => placesOf(name, units)) : [...units.keys()];
}

/** The places of the units with this id, or this name. */
export function placesOf(name: unknown, units: readonly unknown[]): number[] {
  const key = typeof name === 'number' ? 'id' : 'name';
  return units.flatMap((unit, place) => (valueAt(unit, key) === name ? [place] : []));
}

/** Listeners that name units which don't exist or can't be told apart, or that serve two with the same id. */
export function servedProblems(config: unknown): Problem[] {
  const [listeners, units] = [entries(config, 'listen'), entries(config, 'units')];
  const named = listeners.flatMap((listener, i) => listProblems(listener, ['listen', i, 'units'], units));
  const serveAll = listeners.flatMap((listener, i) => (valueAt(listener, 'units') === undefined ? [i] : []));
  if (serveAll.length < listeners.length) return [...named, ...serveAll.flatMap((i) => clashAt(['listen', i], units))];
  return listeners.length === 0 || serveAll.length > 0 ? repeatedIds(units) : named;
}

function listProblems(listener: unknown, path: Path, units: readonly unknown[]): Problem[] {
  const before: number[] = [];
  return entries(listener, 'units').flatMap((name, i) => {
    if (!mayNameUnit(name)) return [];
    const places = placesOf(name, units);
    const message = places.length === 1 ? besideProblem(places[0], before, units) : nameProblem(name, places, units);
    before.push(...places);
    return message === undefined ? [] : [{ path: [...path, i], message }];
  });
}

/** The schema has refused anything else in the list. */
function mayNameUnit(name: unknown): name is number | string {
  return typeof name === 'string' ? name !== '' : Number.isInteger(name) && Number(name) >= 0 && Number(name) <= 255;
}

/** Why a unit is not told by its name or id: there is none, or there are several. */
export function nameProblem(name: number | string, places: readonly number[], units: readonly unknown[]): string {
  if (places.length > 0) return ambiguous(name, places, units);
  const names = units.map((unit) => valueAt(unit, 'name')).filter((each) => typeof each === 'string');
  const [key, guess] = typeof name === 'number' ? ['id', ''] : ['name', didYouMean(name, names, '"')];
  return `expected the id or the name of a unit, found ${found(name)}, which no unit has as its ${key}${guess}`;
}

function ambiguous(name: number | string, places: readonly number[], units: readonly unknown[]): string {
  const both = places.map(at).join(' and ');
  if (typeof name === 'string') return `${both} have the name "${name}": give each a name of its own`;
  const names = places.map((place) => valueAt(units[place], 'name')).filter((each) => typeof each === 'string');
  const known = new Set(names).size === places.length;
  const advice = known ? `write ${names.map((each) => `"${each}"`).join(' or ')}` : 'give each a name, and write that';
  return `${both} have the id ${name}: ${advice}`;
}

/** Says why a unit does not fit those that the list names before it. */
function besideProblem(place: number, before: readonly number[], units: readonly unknown[]): string | undefined {
  if (before.includes(place)) return `${at(place)} is in the list already`;
  const id = numberAt(units[place], 'id');
  const other = before.find((earlier) => numberAt(units[earlier], 'id') === id);
  return other === undefined
    ? undefined
    : `${at(other)} has the id ${id} as well: one listener serves only one of them`;
}

/** For a listener that serves all units, beside one that does not. */
function clashAt(path: Path, units: readonly unknown[]): Problem[] {
  const [clash] = clashes(units);
  if (clash === undefined) return [];
  const both = clash.map(at).join(' and ');
  return [{ path, message: `serves all units, but ${both} have the same id: list in \`units\` those it serves` }];
}

function repeatedIds(units: readonly unknown[]): Problem[] {
  return clashes(units).map(([first, place]) => ({
    path: ['units', place, 'id'],
    message:
      `${at(first)} has the unit id ${numberAt(units[place], 'id')} already; ` +
      'units may share an id if every listener lists in its `units` those it serves',
  }));
}

/** Pairs of an earlier unit and one with the same id. */
function clashes(units: readonly unknown[]): [number, number][] {
  const ids = units.map((unit) => numberAt(unit, 'id'));
  return ids.flatMap((id, place): [number, number][] => {
    const first = id === undefined ? place : ids.indexOf(id);
    return first === place ? [] : [[first, place]];
  });
}

function at(place: number): string {
  return formatPath(['units', place]);
}
