import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  Pair,
  type YAMLMap,
} from 'yaml';
import { eachNode } from './nodes.js';
import { keyText, pathTo, problemAt, startOf } from './places.js';
import type { PlacedProblem } from './problems.js';

/**
 * Puts the keys of other maps into maps with a merge key, as YAML 1.1 has it: `<<: *base`, or `<<: [*one, *other]`. A
 * map's own keys come before them, and earlier maps of a list before later ones. @returns the problems.
 */
export function mergeKeys(document: Document, lines: LineCounter): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  // What an alias stands for is complete when the alias comes.
  eachNode(document, (map, ancestors) => {
    if (!isMap(map)) return;
    const merges = map.items.filter(isMerge);
    if (merges.length === 0) return;
    const sources = merges.flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
    const maps = sources.flatMap((source) => {
      const found = isAlias(source) ? source.resolve(document) : source;
      if (isMap(found) && found !== map && !ancestors.includes(found)) return [found];
      const path = [...pathTo(map, ancestors), '<<'];
      problems.push(problemAt(lines, startOf(source) ?? startOf(map) ?? 0, problemOf(source, found), path));
      return [];
    });
    merge(map, maps, document);
  });
  return problems;
}

function problemOf(source: unknown, found: unknown): string {
  if (isMap(found)) return `found *${isAlias(source) ? source.source : ''} within the map that it stands for`;
  return 'expected a map, such as *base for one with the anchor &base, or a list of maps';
}

/** A quoted "<<" is a key like others. */
function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function merge(map: YAMLMap, sources: readonly YAMLMap[], document: Document): void {
  const own = map.items.filter((pair) => !isMerge(pair));
  const names = new Set(own.map(({ key }) => keyText(key)));
  for (const pair of sources.flatMap(({ items }) => items)) {
    const name = keyText(pair.key);
    if (!names.has(name)) own.push(sharedPair(pair, document));
    names.add(name);
  }
  map.items = own;
}

/** The same content in another map: lists and maps by an alias, so that no number of them can fill the memory. */
function sharedPair(pair: Pair, document: Document): Pair {
  return isCollection(pair.value) ? new Pair(pair.key, document.createAlias(pair.value)) : pair;
}
