import { type Document, isMap, isScalar, type LineCounter } from 'yaml';
import { eachNode } from './nodes.js';
import { keyText, pathTo, problemAt } from './places.js';
import type { PlacedProblem } from './problems.js';

/** Keys given twice in one map, which YAML forbids; the parser's own report of them doesn't name the key. */
export function duplicateKeys(document: Document, lines: LineCounter): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  eachNode(document, (node, ancestors) => {
    if (!isMap(node)) return;
    const seen = new Map<string, number>();
    for (const { key } of node.items) {
      if (!isScalar(key) || !key.range) continue;
      const name = keyText(key);
      const [start] = key.range;
      const first = seen.get(name);
      if (first === undefined) {
        seen.set(name, start);
        continue;
      }
      const message = `expected only one "${name}", found another on line ${lines.linePos(first).line}`;
      problems.push(problemAt(lines, start, message, [...pathTo(node, ancestors), name]));
    }
  });
  return problems;
}
