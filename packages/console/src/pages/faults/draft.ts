import { KINDS, type Settings } from './kinds.js';
import { numberOrText, numbersOrTexts, partsOf } from './numbers.js';

/** What goes wrong, as a user has written it. */
export interface EffectDraft {
  readonly kind: string;
  readonly settings: Settings;
}

/** What a user has written into the form for a fault; an empty text is for what is not said. */
export interface Draft {
  readonly effects: readonly EffectDraft[];
  readonly active: boolean;
  readonly name: string;
  readonly unit: string;
  readonly functions: string;
  readonly table: string;
  readonly start: string;
  readonly count: string;
  readonly peer: string;
  readonly listener: string;
  readonly probability: string;
  readonly every: string;
  readonly times: string;
  readonly for: string;
}

/** The parts that are written as texts. */
export type TextKey = Exclude<keyof Draft, 'effects' | 'active'>;

export const EMPTY_DRAFT: Draft = {
  effects: [{ kind: 'exception', settings: {} }],
  active: true,
  name: '',
  unit: '',
  functions: '',
  table: '',
  start: '',
  count: '',
  peer: '',
  listener: '',
  probability: '',
  every: '',
  times: '',
  for: '',
};

/** What requests are, and connections are not. */
const OF_REQUESTS: readonly TextKey[] = ['unit', 'functions', 'table', 'start', 'count'];

/** How each part goes to the server. */
const READERS: Readonly<Record<Exclude<TextKey, 'name'>, (text: string) => unknown>> = {
  unit: numbersOrTexts,
  functions: numbersOrTexts,
  table: String,
  start: numberOrText,
  count: numberOrText,
  peer: partsOf,
  listener: numberOrText,
  probability: numberOrText,
  every: numberOrText,
  times: numberOrText,
  for: (text) => text.trim(),
};

/** Whether new connections are refused: it hits no requests, so that nothing can be said of them. */
export function refuses({ effects }: Draft): boolean {
  return effects.some(({ kind }) => kind === 'refuse');
}

/** A fault without what the server adds. */
export type FaultOptions = Readonly<Record<string, unknown>> & { readonly name: string };

/** The fault, as the config has it. The server checks it. */
export function faultOf(draft: Draft): FaultOptions {
  const effects = draft.effects.map(({ kind, settings }): [string, unknown] => [
    kind,
    KINDS.find(({ key }) => key === kind)?.build(settings),
  ]);
  const said = (Object.keys(READERS) as (keyof typeof READERS)[]).filter((key) => isSaid(key, draft));
  return {
    name: draft.name.trim(),
    ...Object.fromEntries(effects),
    ...Object.fromEntries(said.map((key) => [key, READERS[key](draft[key])])),
    ...(!draft.active && { active: false }),
  };
}

function isSaid(key: TextKey, draft: Draft): boolean {
  if (draft[key].trim() === '' || (refuses(draft) && OF_REQUESTS.includes(key))) return false;
  return draft.table !== '' || (key !== 'start' && key !== 'count');
}
