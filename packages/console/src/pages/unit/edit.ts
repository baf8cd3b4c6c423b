import type { Point, Value } from '../../api/contract.js';

// What a user writes into a point, and what of it goes to the server.

export interface Choice {
  readonly text: string;
  readonly value: Value;
}

/** The values of a point that has only a few; undefined: it has many. */
export function choicesOf({ type, labels }: Point): readonly Choice[] | undefined {
  if (type === 'bits') return undefined;
  if (labels !== undefined) return Object.values(labels).map((text) => ({ text, value: text }));
  if (type !== 'bool') return undefined;
  return [
    { text: 'on', value: true },
    { text: 'off', value: false },
  ];
}

/** The names of all bits of a point. */
export function bitsOf({ labels = {}, quantity }: Point): readonly string[] {
  return Array.from({ length: 16 * quantity }, (_, bit) => labels[bit] ?? `bit ${bit}`);
}

/** The value as a user would write it. */
export function textOf({ value }: Point): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What a text means for a point. The server checks it: a number that it does not know goes as it is. */
export function valueIn(text: string, { type }: Point): Value {
  if (type === 'string') return text;
  if (type === 'raw')
    return text
      .split(/[\s,]+/)
      .filter((part) => part !== '')
      .map(Number);
  const trimmed = text.trim().replace(',', '.');
  const number = Number(trimmed);
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return trimmed === '' || !isExact ? trimmed : number;
}

/** What may be written, in words: `int16 in steps of 0.1, 30 to 80 °C`. */
export function limitsOf(point: Point): string {
  const { type, scale, min, max, measure = '', quantity } = point;
  if (type === 'bits') return 'any of these bits';
  if (choicesOf(point) !== undefined) return 'one of these';
  const parts = [
    scale === undefined ? type : `${type} in steps of ${scale}`,
    rangeOf(min, max, measure),
    type === 'string' ? `up to ${quantity * 2} bytes` : '',
    type === 'raw' ? `${quantity} registers` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function rangeOf(min: number | string | undefined, max: number | string | undefined, measure: string): string {
  const unit = measure === '' ? '' : ` ${measure}`;
  if (min !== undefined && max !== undefined) return `${min} to ${max}${unit}`;
  if (min !== undefined) return `at least ${min}${unit}`;
  return max === undefined ? '' : `at most ${max}${unit}`;
}
