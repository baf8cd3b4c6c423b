import { collect, type Path } from '../../checks.js';
import { formatPath, OptionsError } from '../../errors.js';
import type { Range } from '../../protocol/address-range.js';
import { TABLE_NAMES, type TableName } from '../../protocol/tables.js';
import type { DeclaredPoint } from './declared-point.js';
import { formatPlace, type PointPlace } from './place.js';
import type { PointType } from './point-options.js';

/** Addresses that exist because of a point, with what they hold at the start. */
export interface Claim extends Range {
  readonly values: number[];
  /** Where the point is declared. */
  readonly path: Path;
  /** Its place, for people. */
  readonly place: string;
}

/** Single bits of these may be points, too. */
const HAS_BITS: readonly PointType[] = ['bits', 'uint16'];

/** A point, and the place of its memory. */
interface PlacedPoint {
  readonly point: DeclaredPoint;
  readonly place: PointPlace;
}

/** Points by the table of their memory. @param placeOf the memory of a place. */
export function byTable(
  points: readonly DeclaredPoint[],
  placeOf: (place: PointPlace) => PointPlace,
): ReadonlyMap<TableName, readonly PlacedPoint[]> {
  const tables = new Map<TableName, PlacedPoint[]>(TABLE_NAMES.map((name) => [name, []]));
  for (const point of points) {
    const place = placeOf(point.options.at);
    tables.get(place.table)?.push({ point, place });
  }
  return tables;
}

/** What the points of a table claim of it. Points for bits of the same register have one claim. */
export function claimsOf(points: readonly PlacedPoint[]): Claim[] {
  const claims: Claim[] = [];
  /** Claims that points for single bits may join, by register. */
  const open = new Map<number, Claim>();
  for (const placed of points) {
    if (placed.place.bit !== undefined) continue;
    const claim = claimOf(placed);
    claims.push(claim);
    if (HAS_BITS.includes(placed.point.coding.type))
      for (let i = 0; i < claim.count; i++) open.set(claim.start + i, claim);
  }
  for (const { place, point } of bitsOf(points)) {
    const { path, initial } = point;
    const { address, bit = 0 } = place;
    const claim = open.get(address) ?? { start: address, count: 1, values: [0], path, place: formatPlace(place) };
    if (!open.has(address)) claims.push(claim);
    open.set(address, claim);
    if (initial !== undefined) putBit(claim.values, address - claim.start, bit, initial[0]);
  }
  return claims;
}

/** The points that are single bits of registers. @throws OptionsError if two are the same bit. */
function bitsOf(points: readonly PlacedPoint[]): PlacedPoint[] {
  const bits = points.filter(({ place }) => place.bit !== undefined);
  const taken = new Map<string, DeclaredPoint>();
  return collect((attempt) => {
    for (const placed of bits) attempt(() => takeBit(placed, taken));
    return bits;
  });
}

function claimOf({ place, point }: PlacedPoint): Claim {
  const { codec, path, initial } = point;
  const { quantity } = codec;
  const values = initial === undefined ? new Array<number>(quantity).fill(0) : [...initial];
  return { start: place.address, count: quantity, values, path, place: formatPlace(place) };
}

function takeBit({ place, point }: PlacedPoint, taken: Map<string, DeclaredPoint>): void {
  const key = `${place.address}.${place.bit}`;
  const other = taken.get(key);
  if (other !== undefined) {
    throw new OptionsError(
      [...point.path, 'at'],
      `${formatPlace(place)} is the point ${formatPath(other.path)} already`,
    );
  }
  taken.set(key, point);
}

function putBit(words: number[], index: number, bit: number, value: number): void {
  const mask = 1 << bit;
  words[index] = value === 1 ? words[index] | mask : words[index] & ~mask;
}
