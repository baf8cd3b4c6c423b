import { parse, stringify } from 'yaml';
import type { Fault } from '../api/contract.js';
import { amount } from '../ground/amount.js';
import { UsageError } from '../ground/usage-error.js';

/** Name, state, hits, and what it does. */
export function faultRow({ name, active, hits, left, ...options }: Fault): string[] {
  const time = left === undefined ? '' : ` for ${Math.ceil(left / 1000)} s more`;
  const does = stringify(options, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 });
  return [name, `${active ? 'on' : 'off'}${time}`, amount(hits, 'hit'), does.trim().slice(1, -1)];
}

/** Reads a fault in YAML or JSON; what its keys mean, the device checks. @throws UsageError */
export function parseFault(text: string): object {
  const fault = parsed(text);
  if (typeof fault === 'object' && fault !== null && !Array.isArray(fault)) return fault;
  throw new UsageError(`a fault is a map, such as '{ name: busy, exception: 6 }', not ${text}`);
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split('\n') : [String(error)];
    throw new UsageError(`this fault is not YAML: ${reason}`);
  }
}
