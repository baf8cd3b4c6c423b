import { checkOptions, integer, oneOf, optional, type Path, show } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { ADDRESS_COUNT } from '../../protocol/limits.js';
import { TABLE_NAMES } from '../../protocol/tables.js';
import { NOTATIONS } from './notations.js';
import { hasRegisters, type PointPlace, TABLE_WORDS } from './place.js';

const EXAMPLES =
  '"holding 0", "input 0x10", "coil 3", "discrete 0", "holding 30.0" (one bit), 40001, "4x0001" or "%MW0"';

/**
 * Reads a place in any notation: `holding 0`, `input 0x10`, `coil 3`, `discrete 0`, `holding 30.0` (one bit), `hr:0`,
 * 40001, `400001`, `4x0001`, `%MW0`. Case does not matter.
 * @param firstAddress the number of the first item of a table. References, such as 40001, always count from 1, and
 * addresses of a PLC, such as `%MW0`, from 0.
 * @throws OptionsError if it is no place, or has two meanings: then the message has both, and what to write instead.
 */
export function parsePlace(text: string | number, firstAddress: 0 | 1 = 0): PointPlace {
  return checkPlace(text, firstAddress, []);
}

const PLACE = {
  table: oneOf(TABLE_NAMES),
  address: integer(0, ADDRESS_COUNT - 1),
  bit: optional(integer(0, 15)),
};

/** Checks a place, as a text, a reference or an object. */
export function checkPlace(at: unknown, first: 0 | 1, path: Path): PointPlace {
  if (typeof at === 'string') return checkBit(readText(at, first, path), first, path);
  if (typeof at === 'object' && at !== null) return checkBit(checkOptions(at, PLACE, path), first, path);
  if (typeof at !== 'number') throw noPlace(at, path);
  if (Number.isInteger(at)) return readText(String(at), first, path);
  throw new OptionsError(path, `${at} may have lost a zero at its end: write it as a text, such as "40031.10"`);
}

function readText(text: string, first: number, path: Path): PointPlace {
  const trimmed = text.trim().toLowerCase();
  for (const { pattern, read } of NOTATIONS) {
    const groups = pattern.exec(trimmed)?.groups;
    if (groups === undefined) continue;
    const place = read(groups, first);
    if (typeof place !== 'string') return place;
    throw new OptionsError(path, `${show(text)} ${place}`);
  }
  throw noPlace(text, path);
}

function noPlace(found: unknown, path: Path): OptionsError {
  return new OptionsError(path, `expected a place, such as ${EXAMPLES}; found ${show(found)}`);
}

function checkBit(place: PointPlace, first: number, path: Path): PointPlace {
  const { table, bit } = place;
  if (bit === undefined || (bit <= 15 && hasRegisters(table))) return place;
  const word = TABLE_WORDS[table];
  if (hasRegisters(table)) throw new OptionsError(path, `the bits of a register are 0 to 15, found ${bit}`);
  throw new OptionsError(path, `a ${word} is a single bit: write "${word} ${place.address + first}", without .${bit}`);
}
