import { durationSchema } from 'busbar-simulator';
import type { z } from 'zod';
import { map, word } from '../ground/schema.js';
import { file } from '../listeners/schema-common.js';

/** Where the values of the units are kept. */
export const keepSchema = map(
  'Keep',
  'Keeps on disk what the units hold, so that it is there again after a restart. Not with share.',
  {
    in: file('Folder', 'The folder of the store, which is made if there is none. It must be for Busbar alone.'),
    mode: word(
      {
        title: 'Mode',
        description:
          'durable: a client gets the reply to a write only when it is on disk. interval: writes are answered at once, and follow to the disk a moment later.',
        default: 'interval',
      },
      ['durable', 'interval'],
    ).optional(),
    interval: durationSchema(
      'Interval',
      'How old what is on disk may be at most, in the mode interval; 1s by default.',
    ).optional(),
    timeout: durationSchema(
      'Timeout',
      'How long a client waits for the disk at most, in the mode durable; then it gets exception 04.',
    ).optional(),
  },
);

export type KeepConfig = z.infer<typeof keepSchema>;
