import { nameOf, type PointPlace } from './place.js';

/** A text has two meanings: says both, and what to write instead, behind the text itself. */
export function twoMeanings(first: string, second: string, ...instead: readonly string[]): string {
  const quoted = instead.map((each) => `"${each}"`);
  const list = [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter((part) => part !== '').join(' or ');
  return `has two meanings: ${first}, or ${second}; write ${list}`;
}

/** The same for two places, each with the reason for it. @param first the number of the first item of a table. */
export function twoPlaces(first: number, ...places: readonly [Reasoned, Reasoned]): string {
  const [a, b] = places.map(([place]) => nameOf(place, first));
  return twoMeanings(`${a} (${places[0][1]})`, `${b} (${places[1][1]})`, a, b);
}

type Reasoned = readonly [place: PointPlace, reason: string];
