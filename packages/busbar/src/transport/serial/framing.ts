import { checkOneOf, type Path } from '../../checks.js';
import { ascii } from '../../framing/ascii.js';
import type { Framing, StandardFraming } from '../../framing/framing.js';
import { checkFraming } from '../../framing/framings.js';
import { rtu } from '../../framing/rtu/rtu.js';
import { type LineSettings, SERIAL_FRAMING_NAMES, type SerialFramingName } from './options.js';

const SILENT_CHARACTERS = 3.5;

/** Duration of a character in milliseconds, including the start bit (SL, clause 2.5.1). */
export function characterTime({ baudRate, dataBits, parity, stopBits }: LineSettings): number {
  return (1000 * (1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits)) / baudRate;
}

/** Checks the framing of a line: a name, or the program's own framing. */
export function checkSerialFraming(framing: unknown = 'rtu', path: Path): SerialFramingName | Framing {
  if (typeof framing === 'object') return checkFraming(framing, 'rtu', path);
  return checkOneOf(framing, SERIAL_FRAMING_NAMES, path);
}

/** @param line undefined: the program has opened the port, so its settings are unknown. */
export function standardFraming(name: SerialFramingName, line: LineSettings | undefined): StandardFraming {
  return name === 'ascii' ? ascii : rtuOn(line);
}

/** On a slow line, the usual silence may be shorter than 3.5 characters, which end a frame (SL, clause 2.5.1.1). */
function rtuOn(line: LineSettings | undefined): StandardFraming {
  const own = line === undefined ? 0 : Math.ceil(2 * SILENT_CHARACTERS * characterTime(line));
  return own <= rtu.silence ? rtu : { ...rtu, silence: own };
}
