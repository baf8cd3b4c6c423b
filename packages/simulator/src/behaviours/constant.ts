import { value } from '../value.js';
import { kind } from './behaviour.js';

/** One value. As it is never a new one, what a client writes stays. */
export const constant = kind(
  value('Constant', 'The value from the start on; what a client writes then stays.'),
  (given) => () => given,
  (given) => [[[], given]],
);
