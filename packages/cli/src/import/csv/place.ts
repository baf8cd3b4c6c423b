import { formatPlace, OptionsError, type PointPlace, parsePlace, referenceOf } from 'busbar';
import { CellError } from './cells.js';

/** Cells that say where a point is, as they are in the file; table in Busbar's word for it. */
export interface PlaceCells {
  readonly place?: string | undefined;
  readonly table?: string | undefined;
  readonly address?: string | undefined;
  readonly reference?: string | undefined;
  readonly bit?: number | undefined;
}

/** First digit of the references of each table. Those of coils have none. */
const DIGITS: Readonly<Record<string, string>> = { discrete: '1', input: '3', holding: '4' };

/**
 * Reads where a point is, from the first of place, address and reference that is given.
 * @param first what the addresses of the file are counted from.
 * @returns the place as configs have it, counted from 0. @throws CellError
 */
export function readPlace({ place, table, address, reference, bit }: PlaceCells, first: 0 | 1): string {
  if (place !== undefined) return written(withBit(parsed(place, first), bit));
  if (address === undefined) return written(withBit(parsed(reference ?? '', 0), bit));
  if (table === undefined) return written(withBit(parsed(address, first), bit));
  if (reference !== undefined) return written(withBit(both(table, address, reference, first), bit));
  return written(withBit(inTable(table, address, first), bit));
}

/** With its reference, an address has one meaning, and so has the reference. */
function both(table: string, address: string, reference: string, first: 0 | 1): PointPlace {
  const place = parsed(`${table} ${address}`, first);
  const [item] = reference.split('.', 1);
  if (item === referenceOf(place)) return place;
  const other = parsed(reference, 0);
  if (other.table === place.table && other.address === place.address) return place;
  throw new CellError(`is ${written(place)}, but the reference ${reference} is ${written(other)}`);
}

function inTable(table: string, address: string, first: 0 | 1): PointPlace {
  const isLong = /^\d{6}$/.test(address);
  if (isLong) return ofTable(parsed(address, first), table);
  if (/^\d{5}$/.test(address) && address.startsWith(DIGITS[table] ?? ' ')) {
    throw new CellError(
      `has two meanings: the address ${address}, or the reference of ${written(parsed(address, first))}; ` +
        `name the column "reference", or write the address as 0x${Number(address).toString(16).toUpperCase()}`,
    );
  }
  return parsed(`${table} ${address}`, first);
}

/** A reference has its table in it. */
function ofTable(place: PointPlace, table: string): PointPlace {
  const own = written(place).split(' ')[0];
  if (own === table) return place;
  throw new CellError(`is a reference of the table ${own}, but the line says ${table}`);
}

function parsed(text: string, first: 0 | 1): PointPlace {
  try {
    return parsePlace(text, first);
  } catch (error) {
    if (error instanceof OptionsError) throw new CellError(error.problems.map(({ problem }) => problem).join('; '));
    throw error;
  }
}

function withBit(place: PointPlace, bit: number | undefined): PointPlace {
  return bit === undefined ? place : { ...place, bit };
}

/** `holding 0`, or `holding 0.3`. */
function written(place: PointPlace): string {
  return formatPlace(place).replace(/ \(.*$/, '');
}
