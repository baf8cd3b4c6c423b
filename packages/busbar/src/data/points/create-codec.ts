import { NUMBERS, type NumberForm } from '../number-types.js';
import type { ByteOrder } from '../typed-values.js';
import type { Codec } from './codec.js';
import { bitsCodec, type Labels, labelCodec } from './labels.js';
import { bcdForm, floatCodec, integerCodec } from './number-codec.js';
import { BOOL_CODEC, rawCodec, stringCodec } from './plain-codecs.js';
import type { PointType } from './point-options.js';
import { Scale } from './scale.js';

/** What decides how a point's values stand in its registers. */
export interface Coding {
  readonly type: PointType;
  readonly order: ByteOrder;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  readonly length: number;
  readonly padding: 'nul' | 'space';
  readonly labels: Labels | undefined;
  readonly unit: string | undefined;
}

/** Codecs of numbers, which points of one kind share: ten thousand of their own would not fit the processor's cache. */
const SHARED = new Map<string, Codec>();

/** Nobody has more kinds of numbers at once. */
const MAX_SHARED = 1000;

export function createCodec(coding: Coding): Codec {
  const { type, order, scale, offset, length, labels, unit } = coding;
  if (labels !== undefined || !isNumber(type)) return newCodec(coding);
  const key = JSON.stringify([type, order, scale, offset, length, unit]);
  const codec = SHARED.get(key) ?? newCodec(coding);
  if (SHARED.size >= MAX_SHARED) SHARED.clear();
  SHARED.set(key, codec);
  return codec;
}

function isNumber(type: PointType): boolean {
  return type === 'bcd' || type in NUMBERS;
}

function newCodec(coding: Coding): Codec {
  const { type, order, length, padding, labels } = coding;
  switch (type) {
    case 'bool':
      return BOOL_CODEC;
    case 'string':
      return stringCodec(length, order, padding);
    case 'bits':
      return bitsCodec(length, order, labels ?? new Map());
    case 'raw':
      return rawCodec(length);
    case 'unixTime':
      return integerCodec(NUMBERS.uint32, order, undefined, textOfTime);
    case 'bcd':
      return numberCodec(bcdForm(length), coding);
    case 'float32':
    case 'float64':
      return realCodec(coding, type);
    default:
      return labels === undefined ? numberCodec(NUMBERS[type], coding) : labelCodec(NUMBERS[type], order, labels);
  }
}

function numberCodec(form: NumberForm, { order, scale, offset, unit }: Coding): Codec {
  if (scale === undefined && offset === undefined) {
    return integerCodec(form, order, undefined, (value) => withUnit(String(value), unit));
  }
  const decimal = new Scale(scale ?? 1, offset ?? 0);
  const places = Math.min(decimal.places, MAX_PLACES);
  return integerCodec(form, order, decimal, (value) => withUnit(Number(value).toFixed(places), unit));
}

/** Nobody reads more. */
const MAX_PLACES = 20;

function realCodec({ order, scale, offset, unit }: Coding, type: 'float32' | 'float64'): Codec {
  const short = type === 'float32' ? shortest : String;
  const by = scale === undefined && offset === undefined ? undefined : { scale: scale ?? 1, offset: offset ?? 0 };
  return floatCodec(NUMBERS[type], order, by, (value) => withUnit(short(value), unit));
}

/** The shortest text that stands for a number of single precision: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(value);
}

function textOfTime(seconds: number | bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace('.000', '');
}

function withUnit(text: string, unit: string | undefined): string {
  return unit === undefined ? text : `${text} ${unit}`;
}
