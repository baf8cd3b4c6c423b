import { formatPath } from 'busbar';
import { type Document, isPair, isScalar, isSeq, type LineCounter, type Node, visit } from 'yaml';
import type { Path } from '../ground/path.js';
import type { PlacedProblem } from './problems.js';

/** Keys given twice in one map, which YAML forbids; the parser's own report of them doesn't name the key. */
export function duplicateKeys(document: Document, lines: LineCounter): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const seen = new Map<string, number>();
      for (const pair of map.items) {
        if (!isScalar(pair.key) || !pair.key.range) continue;
        const name = String(pair.key.value);
        const { line, col } = lines.linePos(pair.key.range[0]);
        const first = seen.get(name);
        if (first === undefined) {
          seen.set(name, line);
          continue;
        }
        const key = formatPath([...pathOf(ancestors, map), name]);
        problems.push({
          line,
          column: col,
          key,
          message: `expected only one "${name}", found another on line ${first}`,
        });
      }
    },
  });
  return problems;
}

function pathOf(ancestors: readonly unknown[], last: Node): Path {
  const path: (string | number)[] = [];
  for (const [i, ancestor] of ancestors.entries()) {
    if (isSeq(ancestor)) path.push(ancestor.items.indexOf(ancestors[i + 1] ?? last));
    if (isPair(ancestor)) path.push(String(isScalar(ancestor.key) ? ancestor.key.value : ancestor.key));
  }
  return path;
}
