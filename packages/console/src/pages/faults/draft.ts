import { KINDS } from './kinds.js';

/** What a user has written into the form for a fault. */
export interface Draft {
  readonly name: string;
  readonly kind: string;
  readonly setting: string;
  readonly unit: string;
  readonly functions: string;
  readonly probability: string;
  readonly time: string;
}

export const EMPTY_DRAFT: Draft = {
  name: '',
  kind: 'exception',
  setting: '',
  unit: '',
  functions: '',
  probability: '',
  time: '',
};

/** The fault, as the config has it. The server checks it. */
export function faultOf({ name, kind, setting, unit, functions, probability, time }: Draft): object {
  const { setting: wanted } = KINDS.find(({ key }) => key === kind) ?? {};
  return {
    name: name.trim(),
    [kind]: wanted === undefined ? true : numberOrText(setting),
    ...(unit.trim() !== '' && { unit: listOf(unit) }),
    ...(functions.trim() !== '' && { functions: listOf(functions) }),
    ...(probability.trim() !== '' && { probability: numberOrText(probability) }),
    ...(time.trim() !== '' && { for: time.trim() }),
  };
}

function listOf(text: string): (number | string)[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  return parts.map(numberOrText);
}

/** What is no number goes as it is: the server says what it expects. */
function numberOrText(text: string): number | string {
  const number = Number(text.trim());
  return text.trim() === '' || Number.isNaN(number) ? text.trim() : number;
}
