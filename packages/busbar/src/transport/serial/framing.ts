import { checkOneOf } from '../../checks.js';
import { ascii } from '../../framing/ascii.js';
import type { Framing, StandardFraming } from '../../framing/framing.js';
import { checkFraming } from '../../framing/framings.js';
import { rtu } from '../../framing/rtu/rtu.js';
import type { LineSettings, LineSource, SerialServerOptions } from './options.js';

const SILENT_CHARACTERS = 3.5;

/** Milliseconds that a character takes, with its start bit (SL, clause 2.5.1). */
export function characterTime({ baudRate, dataBits, parity, stopBits }: LineSettings): number {
  return (1000 * (1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits)) / baudRate;
}

/** The framing of a line, which may be the program's own. @param line as for {@link checkLineFraming}. */
export function checkSerialFraming(
  { framing, ...source }: SerialServerOptions,
  line: LineSettings | undefined,
): Framing {
  if (typeof framing === 'object') return checkFraming(framing, 'rtu', ['framing']);
  return checkLineFraming({ ...source, framing }, line);
}

/** @param line undefined: somebody else has opened the port, and knows its settings. */
export function checkLineFraming({ framing = 'rtu' }: LineSource, line: LineSettings | undefined): StandardFraming {
  return checkOneOf(framing, ['rtu', 'ascii'] as const, ['framing']) === 'ascii' ? ascii : rtuOn(line);
}

/** On a slow line, the usual silence may be shorter than the 3.5 characters that are one (SL, clause 2.5.1.1). */
function rtuOn(line: LineSettings | undefined): StandardFraming {
  const own = line === undefined ? 0 : Math.ceil(2 * SILENT_CHARACTERS * characterTime(line));
  return own <= rtu.silence ? rtu : { ...rtu, silence: own };
}
