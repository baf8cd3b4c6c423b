import { formatPath } from 'busbar';
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Path } from '../ground/path.js';
import type { PlacedProblem, Problem } from './problems.js';

/** Finds the place of each problem in the file. */
export function placeProblems(problems: readonly Problem[], document: Document, lines: LineCounter): PlacedProblem[] {
  return problems.map(({ path, atKey, message }) =>
    problemAt(lines, offsetOf(document, path, atKey === true), message, path),
  );
}

/** A problem at an offset in the text. @param path of its key; empty: it has none. */
export function problemAt(lines: LineCounter, offset: number, message: string, path: Path = []): PlacedProblem {
  const { line, col } = lines.linePos(offset);
  return { line, column: col, key: formatPath(path), message };
}

/** The path to a node. @param ancestors as the visitor of a document has them. */
export function pathTo(node: Node, ancestors: readonly unknown[]): Path {
  const path: (string | number)[] = [];
  for (const [i, ancestor] of ancestors.entries()) {
    if (isSeq(ancestor)) path.push(ancestor.items.indexOf(ancestors[i + 1] ?? node));
    if (isPair(ancestor)) path.push(keyText(ancestor.key));
  }
  return path;
}

/** Offset of the deepest part of `path` that exists: a missing key is reported at the map that should have it. */
function offsetOf(document: Document, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    const step = stepInto(resolve(node, document), key);
    if (step === undefined) return offset;
    const wantsKey = atKey && depth === path.length - 1;
    offset = (wantsKey ? startOf(step.key) : undefined) ?? startOf(step.value) ?? startOf(step.key) ?? offset;
    node = step.value;
  }
  return offset;
}

interface Step {
  key: unknown;
  value: unknown;
}

function stepInto(node: unknown, key: string | number): Step | undefined {
  if (isSeq(node) && typeof key === 'number') return { key: undefined, value: node.items[key] };
  if (!isMap(node)) return undefined;
  // The last of a repeated key is the one whose value counts.
  return node.items.findLast((pair) => isPair(pair) && keyText(pair.key) === String(key));
}

export function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function resolve(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}
