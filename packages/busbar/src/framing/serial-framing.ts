import { type Check, checkOneOf, type Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import { ascii } from './ascii.js';
import type { Framing, StandardFraming } from './framing.js';
import { checkFraming } from './framings.js';
import { rtu } from './rtu/rtu.js';

/** The framings of serial lines. */
export const SERIAL_FRAMING_NAMES = ['rtu', 'ascii'] as const;
export type SerialFramingName = (typeof SERIAL_FRAMING_NAMES)[number];

const SILENT_CHARACTERS = 3.5;

/** Checks the framing of a line: a name, or the program's own framing. */
export function checkSerialFraming(framing: unknown = 'rtu', path: Path): SerialFramingName | Framing {
  if (typeof framing === 'object') return checkFraming(framing, 'rtu', path);
  return checkOneOf(framing, SERIAL_FRAMING_NAMES, path);
}

/** @param characterTime milliseconds; undefined: somebody else has opened the port, and knows its settings. */
export function lineFraming(name: SerialFramingName, characterTime: number | undefined): StandardFraming {
  return name === 'ascii' ? ascii : rtuOn(characterTime);
}

/** On a slow line, the usual silence may be shorter than 3.5 characters, which end a frame (SL, clause 2.5.1.1). */
function rtuOn(characterTime: number | undefined): StandardFraming {
  const own = characterTime === undefined ? 0 : Math.ceil(2 * SILENT_CHARACTERS * characterTime);
  return own <= rtu.silence ? rtu : { ...rtu, silence: own };
}

/** Bits of a character, where the options don't say (SL, clauses 2.5.1 and 2.5.2). */
export function defaultDataBits(framing: unknown): 7 | 8 {
  return framing === 'ascii' ? 7 : 8;
}

/** A check of the bits of a character that goes by the framing, too. */
export function fitFraming(check: Check<7 | 8 | undefined>): Check<7 | 8 | undefined> {
  return (value, path, options) => {
    const dataBits = check(value, path, options);
    const { framing = 'rtu' } = options;
    if (framing !== 'rtu' || dataBits !== 7) return dataBits;
    throw new OptionsError(path, 'expected 8, found 7: RTU frames are made of 8-bit bytes');
  };
}
