import { checkOneOf, type Path } from '../checks.js';
import { ascii } from './ascii.js';
import type { Framing, FramingName, StandardFraming } from './framing.js';
import { GuardedFraming } from './guarded.js';
import { mbap } from './mbap.js';
import { rtu } from './rtu/rtu.js';

const FRAMINGS: Readonly<Record<FramingName, StandardFraming>> = { mbap, rtu, ascii };
const NAMES = ['mbap', 'rtu', 'ascii'] as const;

/** The framing of that name, the program's own, or the transport's default. */
export function checkFraming(framing: FramingName | Framing | undefined, own: FramingName, path: Path): Framing {
  if (typeof framing === 'object' && framing !== null) return new GuardedFraming(framing, NAMES, path);
  return FRAMINGS[checkOneOf(framing ?? own, NAMES, path)];
}
