import { collect, type Path } from '../../checks.js';
import { formatPath, OptionsError } from '../../errors.js';
import type { Range } from '../../protocol/address-range.js';
import type { TableName } from '../../protocol/tables.js';
import type { DeclaredPoint } from './declared-point.js';
import { formatPlace } from './place.js';
import type { PointType } from './types.js';

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

/** What points claim of a table. Points for bits of the same register have one claim. */
export function claimsOf(points: readonly DeclaredPoint[], table: TableName): Claim[] {
  const mine = points.filter(({ place }) => place.table === table);
  const claims: Claim[] = [];
  /** Claims that points for single bits may join, by register. */
  const open = new Map<number, Claim>();
  for (const point of mine) {
    if (point.place.bit !== undefined) continue;
    const claim = claimOf(point);
    claims.push(claim);
    if (HAS_BITS.includes(point.type)) for (let i = 0; i < claim.count; i++) open.set(claim.start + i, claim);
  }
  for (const { place, path, initial } of bitsOf(mine)) {
    const { address, bit = 0 } = place;
    const claim = open.get(address) ?? { start: address, count: 1, values: [0], path, place: formatPlace(place) };
    if (!open.has(address)) claims.push(claim);
    open.set(address, claim);
    if (initial !== undefined) putBit(claim.values, address - claim.start, bit, initial[0]);
  }
  return claims;
}

/** The points that are single bits of registers. @throws OptionsError if two are the same bit. */
function bitsOf(points: readonly DeclaredPoint[]): DeclaredPoint[] {
  const bits = points.filter(({ place }) => place.bit !== undefined);
  const taken = new Map<string, DeclaredPoint>();
  return collect((attempt) => {
    for (const point of bits) attempt(() => takeBit(point, taken));
    return bits;
  });
}

function claimOf({ place, codec, path, initial }: DeclaredPoint): Claim {
  const { quantity } = codec;
  const values = initial === undefined ? new Array<number>(quantity).fill(0) : [...initial];
  return { start: place.address, count: quantity, values, path, place: formatPlace(place) };
}

function takeBit(point: DeclaredPoint, taken: Map<string, DeclaredPoint>): void {
  const key = `${point.place.address}.${point.place.bit}`;
  const other = taken.get(key);
  if (other !== undefined) {
    const place = formatPlace(point.place);
    throw new OptionsError([...point.path, 'at'], `${place} is the point ${formatPath(other.path)} already`);
  }
  taken.set(key, point);
}

function putBit(words: number[], index: number, bit: number, value: number): void {
  const mask = 1 << bit;
  words[index] = value === 1 ? words[index] | mask : words[index] & ~mask;
}
