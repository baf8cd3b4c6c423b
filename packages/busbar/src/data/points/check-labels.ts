import { checkEntries, checkString, type Path, show } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import type { Labels } from './label-codec.js';

/** Checks labels by whole numbers: each is a text of its own. */
export function checkLabels(labels: unknown, path: Path): Labels {
  const checked = new Map<bigint, string>();
  const taken = new Set<string>();
  checkEntries(labels, path, (label, at) => {
    const key = String(at.at(-1));
    if (!/^(0|-?[1-9]\d{0,19})$/.test(key)) throw new OptionsError(at, 'expected a whole number for the label');
    const text = checkString(label, at);
    if (text === '' || taken.has(text)) throw new OptionsError(at, `expected a label of its own, found ${show(text)}`);
    taken.add(text);
    checked.set(BigInt(key), text);
  });
  if (checked.size === 0) throw new OptionsError(path, 'expected at least one label, such as { 0: off, 1: on }');
  return checked;
}

/** Labels must be for what there is: bits 0 to 15, or the numbers of a type. */
export function checkLabelled(labels: Labels, min: number | bigint, max: number | bigint, path: Path): void {
  for (const number of labels.keys()) {
    if (number >= min && number <= max) continue;
    throw new OptionsError([...path, String(number)], `expected a number from ${min} to ${max} for the label`);
  }
}

/** A label must not be what a bit without a label is called. */
export function checkBitNames(labels: Labels, path: Path): void {
  for (const [bit, label] of labels) {
    if (!/^bit \d+$/.test(label) || label === `bit ${bit}`) continue;
    throw new OptionsError([...path, String(bit)], `${show(label)} is the name of another bit`);
  }
}
