import { z } from 'zod';
import { checked, duration, flag, map, names, number, text } from '../settings.js';
import { value } from '../value.js';

const given = z.union(
  [
    value('Value', 'The value.'),
    map('Formula', 'What a formula gives.', { formula: text('Formula', 'Such as `count + 1`.') }),
  ],
  'expected a value, or { formula: … }',
);

/** What reactions and the steps of scenarios do. */
const ACTIONS = {
  set: z
    .record(z.string(), given)
    .meta({
      title: 'Set',
      description: 'Points to be given a value, or what a formula gives: { formula: "count + 1" }.',
    })
    .optional(),
  toggle: names('Toggle', 'Bits to be switched over.').optional(),
  start: names('Start', 'Points whose behaviour goes on.').optional(),
  stop: names('Stop', 'Points whose behaviour stands still.').optional(),
  restart: names('Restart', 'Points whose behaviour begins anew.').optional(),
  raise: names('Raise', 'Faults to be switched on.').optional(),
  clear: names('Clear', 'Faults to be switched off.').optional(),
  run: names('Run', 'Scenarios to be run from their beginning.').optional(),
  cancel: names('Cancel', 'Scenarios to be ended.').optional(),
};

const ACTION_NAMES = Object.keys(ACTIONS);

function noAction(given: object): string | undefined {
  return ACTION_NAMES.some((name) => Reflect.get(given, name) !== undefined)
    ? undefined
    : `expected something to do: ${ACTION_NAMES.join(', ')}`;
}

export const reactionSchema = checked(
  map('Reaction', 'When a point is written or has a value, then something happens.', {
    point: text('Point', 'The point that is watched; `boiler.flow` is the point flow of the unit boiler.'),
    written: flag(
      'Written',
      'true: each time a client writes it, with whatever value unless there is a condition.',
    ).optional(),
    changes: flag('Changes', 'true: each time it has another value.').optional(),
    is: value('Is', 'The value that it gets.').optional(),
    above: number('Above', 'The value that it rises above.').optional(),
    below: number('Below', 'The value that it falls below.').optional(),
    until: number('Until', 'How far it has to come back before this can happen again.').optional(),
    for: duration('For', 'How long the condition has to hold first.').optional(),
    after: duration('After', 'How much later it happens; a new occasion begins the wait anew.').optional(),
    ...ACTIONS,
  }),
  (reaction) => conditionProblem(reaction) ?? noAction(reaction),
);

export const scenarioSchema = z
  .array(
    checked(
      map('Step', 'What is done at a time of a scenario.', {
        at: duration('At', 'The time since the beginning of the scenario.', 'zero').optional(),
        after: duration('After', 'The time since the step before.', 'zero').optional(),
        ...ACTIONS,
      }),
      (step) =>
        step.at !== undefined && step.after !== undefined ? 'expected at or after, found both' : noAction(step),
    ),
  )
  .min(1)
  .meta({ title: 'Scenario', description: 'Steps, one after the other.' });

/** What happens: what a reaction or a step of a scenario does. */
export type Actions = { readonly [Key in keyof typeof ACTIONS]?: z.output<(typeof ACTIONS)[Key]> };

/** Something that happens when a point is written or has a value. */
export type ReactionOptions = z.input<typeof reactionSchema>;

/** Steps, one after the other. */
export type ScenarioOptions = z.input<typeof scenarioSchema>;

function conditionProblem(reaction: Readonly<Record<string, unknown>>): string | undefined {
  const { written = false, changes = false, above, below, until } = reaction;
  const conditions = ['is', 'above', 'below'].filter((key) => reaction[key] !== undefined);
  if (changes) conditions.push('changes');
  if (conditions.length > 1) return `expected one condition, found ${conditions.join(' and ')}`;
  if (conditions.length === 0 && !written) return 'expected a condition: written, changes, is, above or below';
  if (written && (changes || reaction.for !== undefined)) return 'written goes without changes and for';
  if (changes && reaction.for !== undefined) return 'changes goes without for';
  return until === undefined ? undefined : untilProblem(written, above, below, until);
}

function untilProblem(written: unknown, above: unknown, below: unknown, until: unknown): string | undefined {
  const isBehind =
    (typeof above === 'number' && Number(until) <= above) || (typeof below === 'number' && Number(until) >= below);
  if (isBehind && !written) return undefined;
  return 'until goes with above, and is not more than it, or with below, and is not less';
}
