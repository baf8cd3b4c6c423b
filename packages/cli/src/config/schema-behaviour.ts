import { reactionSchema, scenarioSchema } from 'busbar-simulator';
import { z } from 'zod';
import { definition, list, wording } from '../ground/schema.js';
import { file } from '../listeners/schema-common.js';

/** Keys of a unit that say what it does by itself, besides the `simulate` of its points. */
export const behaviour = {
  when: list(
    'Reactions',
    'What happens when points are written or have a value.',
    definition('reaction', reactionSchema),
  ).optional(),
  scenarios: z
    .record(z.string(), definition('scenario', scenarioSchema))
    .register(wording, { expected: 'a map of scenarios by their names' })
    .meta({ title: 'Scenarios', description: 'Timelines by name, which reactions and scripts run.' })
    .optional(),
  script: file(
    'Script',
    'A file of JavaScript for what nothing else can say: its default export has the functions start, tick or written.',
  ).optional(),
};
