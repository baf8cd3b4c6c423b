import { checkOneOf, type Path } from '../options.js';
import { ascii } from './ascii.js';
import type { Framing, FramingName } from './framing.js';
import { mbap } from './mbap.js';
import { rtu } from './rtu.js';

const FRAMINGS: Readonly<Record<FramingName, Framing>> = { mbap, rtu, ascii };

/** The framing of that name, or the transport's own. */
export function checkFraming(name: FramingName | undefined, own: FramingName, path: Path): Framing {
  return FRAMINGS[checkOneOf(name ?? own, ['mbap', 'rtu', 'ascii'], path)];
}
