import type { DraftPoint, DraftValue } from '../../draft/draft.js';
import type { PlacedModel, PlacedPoint } from './layout.js';
import type { SunspecPoint, SunspecType } from './schema.js';

/** Exponents of scale factors, by the unit of what they scale: a point of 16 bits has room for usual values then. */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ['A', -2],
  ['V', -1],
  ['Hz', -2],
  ['C', -1],
  ['Pct', -1],
  ['cos()', -2],
]);

/** Units as people write them. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['C', '°C'],
  ['Pct', '%'],
  ['Secs', 's'],
  ['cos()', ''],
]);

/** What a pad holds. */
const PAD = 0x8000;

const TYPES: Partial<Record<SunspecType, string>> = {
  raw16: 'raw',
  acc16: 'uint16',
  acc32: 'uint32',
  acc64: 'uint64',
  bitfield16: 'bits',
  bitfield32: 'bits',
  bitfield64: 'bits',
  enum16: 'uint16',
  enum32: 'uint32',
  count: 'uint16',
  sunssf: 'int16',
  pad: 'uint16',
  ipaddr: 'raw',
  ipv6addr: 'raw',
  eui48: 'raw',
};

/** The points of a model for a unit, by their names within the model. */
export function modelPoints(model: PlacedModel): [string, DraftPoint][] {
  return model.points.map((placed) => [placed.name, pointOf(placed, model)]);
}

function pointOf({ name, address, point }: PlacedPoint, model: PlacedModel): DraftPoint {
  const { type, size, units, access, desc, label } = point;
  const ours = type === 'pad' && size > 1 ? 'raw' : (TYPES[type] ?? type);
  const hasLength = ours === 'raw' || ours === 'string' || (ours === 'bits' && size > 1);
  const unit = units === undefined ? undefined : (UNITS.get(units) ?? units);
  const scale = scaleOf(point, model);
  const labels = labelsOf(point);
  const value = initialValue(name, point, model, labels);
  const about = (desc ?? label ?? '').replaceAll(/\s+/g, ' ').trim();
  return {
    at: `holding ${address}`,
    type: ours,
    ...(hasLength && { length: size }),
    ...(scale !== 1 && { scale }),
    ...(unit && { unit }),
    ...(labels !== undefined && { labels }),
    ...(value !== undefined && { value }),
    ...(access !== 'RW' && { readOnly: true }),
    ...(about && { description: about }),
  };
}

function scaleOf({ sf }: SunspecPoint, model: PlacedModel): number {
  if (sf === undefined) return 1;
  // As a decimal: 10 ** -2 is not always 0.01.
  return Number(`1e${typeof sf === 'number' ? sf : exponentOf(sf, model)}`);
}

/** The value of a scale factor: it fits the first point that it scales. */
function exponentOf(name: string, { points }: PlacedModel): number {
  const scaled = points.find(({ point }) => point.sf === name);
  return EXPONENTS.get(scaled?.point.units ?? '') ?? 0;
}

/** Names of the numbers of an enumeration, or of the bits of a bit field. Some models use a name twice. */
function labelsOf({ type, symbols = [] }: SunspecPoint): ReadonlyMap<number, string> | undefined {
  if (symbols.length === 0 || !/^(enum|bitfield)/.test(type)) return undefined;
  const names = symbols.map(({ name }) => name);
  return new Map(
    symbols.map(({ name, value }, i) => [Number(value), names.indexOf(name) < i ? `${name}_${value}` : name]),
  );
}

function initialValue(
  name: string,
  { name: own, type, size, value }: SunspecPoint,
  model: PlacedModel,
  labels: ReadonlyMap<number, string> | undefined,
): DraftValue | undefined {
  if (name === 'ID') return model.id;
  if (name === 'L') return model.size - 2;
  if (type === 'sunssf') return exponentOf(own, model) || undefined;
  if (type === 'pad') return size === 1 ? PAD : new Array<number>(size).fill(PAD);
  if (type.startsWith('enum') && labels !== undefined) return [...labels.values()][0];
  return model.counts.get(own) ?? value;
}
