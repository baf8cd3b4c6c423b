import type { Path } from '../ground/path.js';
import { didYouMean } from '../ground/suggest.js';
import { found } from './describe.js';
import { entries, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { nameProblem, placesOf } from './served.js';

/** Addresses, units and points of webhooks that don't exist. */
export function webhookProblems(config: unknown): Problem[] {
  const units = entries(config, 'units');
  return entries(config, 'webhooks').flatMap((hook, i) => {
    const path: Path = ['webhooks', i];
    return [
      ...urlProblem(valueAt(hook, 'url'), path),
      ...unitProblem(hook, path, units),
      ...pointProblems(hook, path, units),
    ];
  });
}

function urlProblem(url: unknown, path: Path): Problem[] {
  if (typeof url !== 'string' || url === '' || isHttp(url)) return [];
  const message = `expected an address such as http://127.0.0.1:8080/modbus, found ${found(url)}`;
  return [{ path: [...path, 'url'], message }];
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function unitProblem(hook: unknown, path: Path, units: readonly unknown[]): Problem[] {
  const name = valueAt(hook, 'unit');
  if (typeof name !== 'number' && (typeof name !== 'string' || name === '')) return [];
  const places = placesOf(name, units);
  return places.length === 1 ? [] : [{ path: [...path, 'unit'], message: nameProblem(name, places, units) }];
}

function pointProblems(hook: unknown, path: Path, units: readonly unknown[]): Problem[] {
  const points = entries(hook, 'points');
  if (points.length === 0) return [];
  const name = valueAt(hook, 'unit');
  if (name === undefined) return [{ path: [...path, 'points'], message: 'needs `unit`: whose points are meant' }];
  const [place] = typeof name === 'number' || typeof name === 'string' ? placesOf(name, units) : [];
  if (place === undefined) return [];
  const known = Object.keys(Object(valueAt(units[place], 'points')));
  return points.flatMap((point, i) => {
    if (typeof point !== 'string' || point === '' || known.includes(point)) return [];
    const message = `expected the name of a point, found ${found(point)}, which the unit has none of${didYouMean(point, known, '"')}`;
    return [{ path: [...path, 'points', i], message }];
  });
}
