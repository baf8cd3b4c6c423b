import { AddressList, OptionsError, TABLE_NAMES } from 'busbar';
import { z } from 'zod';
import { checked, duration, flag, map, text } from '../settings.js';
import { KINDS } from './kinds.js';
import { present } from './values.js';

const id = z.int().min(0).max(255);

/** Which requests a fault is for: those that fit all of these. */
const MATCH = {
  unit: z
    .union([id, z.array(id).min(1)], 'expected a unit id from 0 to 255, or a list of them')
    .meta({ title: 'Unit', description: 'Only requests with this unit id, or one of these.' })
    .optional(),
  functions: z
    .array(z.int().min(1).max(127))
    .min(1)
    .meta({ title: 'Functions', description: 'Only requests with one of these function codes.' })
    .optional(),
  table: z
    .enum(TABLE_NAMES)
    .meta({ title: 'Table', description: 'Only requests that read or write something of this table.' })
    .optional(),
  start: z
    .int()
    .min(0)
    .max(0xffff)
    .meta({ title: 'Start', description: 'With count: only requests that touch these addresses, counted from 0.' })
    .optional(),
  count: z
    .int()
    .min(1)
    .max(0x10000)
    .meta({ title: 'Count', description: 'How many addresses there are from start on.' })
    .optional(),
  peer: checked(
    z
      .union([z.string(), z.array(z.string()).min(1)], 'expected an IP address or a network, or a list of them')
      .meta({ title: 'Peer', description: 'Only clients with this address, or of this network: 192.168.1.0/24.' }),
    peerProblem,
  ).optional(),
  listener: z
    .union([z.int().min(1), z.string().min(1)], 'expected the name of a listener, or its place in listen, from 1 on')
    .meta({ title: 'Listener', description: 'Only clients of this listener: its name, or its place from 1 on.' })
    .optional(),
};

/** How often, and for how long. */
const CONDITIONS = {
  probability: z
    .number()
    .gt(0)
    .max(1)
    .meta({ title: 'Probability', description: 'The share of its requests that it hits, 0 to 1. 1 by default.' })
    .optional(),
  every: z.int().min(1).meta({ title: 'Every', description: 'It hits each of so many of its requests.' }).optional(),
  times: z
    .int()
    .min(1)
    .meta({ title: 'Times', description: 'It is switched off when it has hit so many requests.' })
    .optional(),
  for: duration('For', 'How long it stays on after it was switched on.').optional(),
  active: flag('Active', 'false: it is off until somebody switches it on.').optional(),
};

const refuse = present('Refuse', 'New connections are closed at once. Those that are open stay.');

const fault = map('Fault', 'What goes wrong, for which requests, and how often.', {
  name: text('Name', 'Of its own: the log has it, and it is switched on and off by it.'),
  exception: KINDS.exception.settings.optional(),
  wrongFunction: KINDS.wrongFunction.settings.optional(),
  wrongUnit: KINDS.wrongUnit.settings.optional(),
  wrongTransaction: KINDS.wrongTransaction.settings.optional(),
  stale: KINDS.stale.settings.optional(),
  badChecksum: KINDS.badChecksum.settings.optional(),
  truncate: KINDS.truncate.settings.optional(),
  extra: KINDS.extra.settings.optional(),
  garbage: KINDS.garbage.settings.optional(),
  delay: KINDS.delay.settings.optional(),
  silence: KINDS.silence.settings.optional(),
  split: KINDS.split.settings.optional(),
  duplicate: KINDS.duplicate.settings.optional(),
  close: KINDS.close.settings.optional(),
  refuse: refuse.optional(),
  ...MATCH,
  ...CONDITIONS,
});

/** A fault, as in `{ name: 'slow meter', unit: 2, delay: '200ms..800ms', probability: 0.3 }`. */
export type FaultOptions = z.input<typeof fault>;

/** The schema of a fault in a config; `FaultOptions` is its type. */
export const faultSchema = fault
  .check(({ value, issues }) => {
    // A kind that is misspelled is not missing, too.
    const isMisspelled = issues.some(({ code }) => code === 'unrecognized_keys');
    const message = (isMisspelled ? undefined : kindProblem(value)) ?? rangeProblem(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, message });
  })
  .meta(fault.meta() ?? {});

const KIND_NAMES = Object.keys(KINDS);
const OF_REQUESTS = ['unit', 'functions', 'table', 'start', 'count'];

function kindProblem(fault: object): string | undefined {
  const isGiven = (key: string) => Reflect.get(fault, key) !== undefined;
  if (!isGiven('refuse')) {
    return KIND_NAMES.some(isGiven)
      ? undefined
      : `expected a kind of fault (${[...KIND_NAMES, 'refuse'].join(', ')}), found none`;
  }
  const [other] = [...KIND_NAMES, ...OF_REQUESTS].filter(isGiven);
  return other && `refuse is for connections, and does not go with ${other}`;
}

function rangeProblem({ table, start, count }: FaultOptions): string | undefined {
  if ((start === undefined) !== (count === undefined)) return 'expected start and count together';
  if (start === undefined || count === undefined) return undefined;
  if (table === undefined) return 'expected the table that start and count are of';
  return start + count > 0x10000
    ? `expected a count up to ${0x10000 - start} from start on, found ${count}`
    : undefined;
}

function peerProblem(peer: string | string[]): string | undefined {
  try {
    peersOf(peer);
    return undefined;
  } catch (error) {
    if (error instanceof OptionsError) return error.problems[0]?.problem;
    throw error;
  }
}

/** @returns the peers of a fault; undefined: all. @throws OptionsError */
export function peersOf(peer: string | readonly string[] | undefined): AddressList | undefined {
  return peer === undefined ? undefined : new AddressList(typeof peer === 'string' ? [peer] : peer);
}
