import { faultSchema } from 'busbar-simulator';
import { list } from '../ground/schema.js';

/** What goes wrong on purpose. */
export const faults = list(
  'Faults',
  'What goes wrong on purpose, so that clients can be tested: late, wrong, broken or missing replies.',
  faultSchema,
);
