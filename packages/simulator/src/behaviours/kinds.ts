import type { Kind } from './behaviour.js';
import { clock } from './clock.js';
import { constant } from './constant.js';
import { count } from './count.js';
import { follow } from './follow.js';
import { formula } from './formula.js';
import { ramp, sine, square, triangle } from './periodic.js';
import { random } from './random.js';
import { replay } from './replay.js';
import { toggle } from './toggle.js';
import { total } from './total.js';
import { walk } from './walk.js';

/** All kinds of behaviours, by the keys of `simulate`. */
export const KINDS = {
  constant,
  ramp,
  triangle,
  sine,
  square,
  random,
  walk,
  count,
  toggle,
  clock,
  replay,
  follow,
  total,
  formula,
} satisfies Record<string, Kind>;
