import type { PduFacts } from './facts.js';
import { type ReplyFacts, type RequestFacts, SHEETS } from './sheets.js';
import { hexBytes, hexDigits, rawBytes } from './text.js';

/** A sheet, which describes the fields of its own function only. The function code of the facts chooses the sheet. */
interface Describer {
  readonly request: { describe(fields: Partial<PduFacts>): string };
  readonly reply: { describe(fields: Partial<PduFacts>): string };
}

const DESCRIBERS: readonly (Describer | undefined)[] = SHEETS;

/**
 * A request in one line for people: `read holding registers 0..2`. Long lists are cut, and nothing in it breaks the
 * line.
 */
export function describeRequest(facts: RequestFacts): string {
  if (facts.malformed) return malformed(facts.name, facts);
  return title(facts) + (DESCRIBERS[facts.functionCode]?.request.describe(facts) ?? rawBytes(facts.data));
}

/**
 * A reply in one line for people: `read holding registers 0..2 = 20, 21, 22`, `exception 02 illegal data address (…)`.
 */
export function describeReply(facts: ReplyFacts): string {
  if (facts.exceptionCode !== undefined) return exception(facts.exceptionCode, facts);
  if (facts.malformed) return malformed(facts.name, facts);
  return title(facts) + (DESCRIBERS[facts.functionCode]?.reply.describe(facts) ?? rawBytes(facts.data));
}

function exception(code: number, facts: PduFacts): string {
  const name = facts.exceptionName === undefined ? '' : ` ${facts.exceptionName}`;
  const text = `exception ${hexDigits(code)}${name} (${title(facts)})`;
  return facts.malformed ? malformed(text, facts) : text;
}

function malformed(text: string, { data }: PduFacts): string {
  return data === undefined || data.length === 0 ? `${text}, malformed` : `${text}, malformed: ${hexBytes(data)}`;
}

/** The function, with its sub-function unless the name has it already. */
function title({ name, subFunction, subFunctionName }: PduFacts): string {
  if (subFunction === undefined || subFunctionName === name) return name;
  return `${name} ${hexDigits(subFunction)}${subFunctionName === undefined ? '' : ` ${subFunctionName}`}`;
}
