import { type Check, checkOneOf, integer, optional, type Path } from '../checks.js';
import { ascii } from './ascii.js';
import { FRAMING_NAMES, type Framing, type FramingName, type StandardFraming } from './framing.js';
import { GuardedFraming } from './guarded.js';
import { mbap } from './mbap.js';
import { rtu } from './rtu/rtu.js';

const FRAMINGS: Readonly<Record<FramingName, StandardFraming>> = { mbap, rtu, ascii };

/** Milliseconds without a byte that count as silence; undefined: as the framing has it. */
export const checkSilence: Check<number | undefined> = optional(integer(1, 60_000));

/** The framing of that name, the program's own, or the transport's default. */
export function checkFraming(framing: unknown, own: FramingName, path: Path): Framing {
  if (typeof framing === 'object' && framing !== null) return new GuardedFraming(framing, FRAMING_NAMES, path);
  return FRAMINGS[checkOneOf(framing ?? own, FRAMING_NAMES, path)];
}
