import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import { Hidden } from '../config/hidden.js';

/**
 * Writes a config as people would: a point or a listener a line.
 * @param about the comment at its beginning. @param headings comments over points, by their names.
 */
export function configYaml(
  config: object,
  about: readonly string[],
  headings: ReadonlyMap<string, string> = new Map(),
): string {
  const document = new Document(config, { aliasDuplicateObjects: false });
  keepDollars(document);
  document.commentBefore = about.map((line) => ` ${line}`).join('\n');
  for (const listener of itemsOf(document.get('listen'))) flow(listener);
  for (const unit of itemsOf(document.get('units'))) layOutUnit(unit, headings);
  return document.toString({ lineWidth: 0 });
}

function layOutUnit(unit: unknown, headings: ReadonlyMap<string, string>): void {
  if (!isMap(unit)) return;
  for (const table of ['coils', 'discreteInputs']) itemsOf(unit.get(table)).forEach(flow);
  itemsOf(unit.getIn(['access', 'readOnly'])).forEach(flow);
  const points = unit.get('points');
  if (!isMap(points)) return;
  for (const { key, value } of points.items) {
    flow(value);
    const heading = isScalar(key) ? headings.get(String(key.value)) : undefined;
    if (isScalar(key) && heading !== undefined) key.commentBefore = ` ${heading}`;
  }
}

function itemsOf(list: unknown): unknown[] {
  return isSeq(list) ? list.items : [];
}

/** On one line, between braces. */
function flow(node: unknown): void {
  if (isMap(node)) node.flow = true;
}

/** In a config, `${NAME}` is a variable of the environment. */
function keepDollars(document: Document): void {
  visit(document, {
    Scalar(position, scalar) {
      if (position === 'key' || scalar instanceof Hidden || typeof scalar.value !== 'string') return;
      scalar.value = scalar.value.replace(/\$\{[^}\n]*\}/g, '$$$&');
    },
  });
}
