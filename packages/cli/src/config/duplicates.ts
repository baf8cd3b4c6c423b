import { type Document, isScalar, type LineCounter, visit } from 'yaml';
import { keyText, pathTo, problemAt } from './places.js';
import type { PlacedProblem } from './problems.js';

/** Keys given twice in one map, which YAML forbids; the parser's own report of them doesn't name the key. */
export function duplicateKeys(document: Document, lines: LineCounter): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const seen = new Map<string, number>();
      for (const pair of map.items) {
        if (!isScalar(pair.key) || !pair.key.range) continue;
        const name = keyText(pair.key);
        const [start] = pair.key.range;
        const first = seen.get(name);
        if (first === undefined) {
          seen.set(name, lines.linePos(start).line);
          continue;
        }
        const message = `expected only one "${name}", found another on line ${first}`;
        problems.push(problemAt(lines, start, message, [...pathTo(map, ancestors), name]));
      }
    },
  });
  return problems;
}
