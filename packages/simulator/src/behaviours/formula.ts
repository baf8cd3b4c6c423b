import { compileFormula } from '../formula/compile.js';
import { text } from '../settings.js';
import { kind } from './behaviour.js';

/** A formula over other points. */
export const formula = kind(
  text('Formula', 'A formula over other points, such as `voltage * current / 1000`.'),
  (source, { reader }) => compileFormula(source, reader),
);
