import type { FileGroup, IdentityObject, PduFacts } from './facts.js';
import { FunctionCode } from './function-codes.js';
import { hexDigits, objectName } from './names.js';

/** Values and bytes of one list that a line shows. */
const MAX_SHOWN = 16;
const STATUS_READY = 0x0000;
const STATUS_BUSY = 0xffff;
const DIAGNOSTIC_REGISTER = 0x02;
const FIRST_COUNTER = 0x0b;
const LAST_COUNTER = 0x12;
const ONE_OBJECT = 4;
/** Read device id codes (AP, clause 6.21). */
const LEVELS = ['', 'basic', 'regular', 'extended'];

/** A request in one line for people: `read holding registers 0..2`. Long lists are cut, and nothing in it breaks the line. */
export function describeRequest(facts: PduFacts): string {
  if (facts.malformed) return malformed(facts.name, facts);
  return `${title(facts)}${diagnosticRequest(facts)}${identityRequest(facts)}${common(facts)}`;
}

/** A reply in one line for people: `read holding registers 0..2 = 20, 21, 22`, `exception 02 illegal data address (…)`. */
export function describeReply(facts: PduFacts): string {
  if (facts.exceptionCode !== undefined) return exception(facts.exceptionCode, facts);
  if (facts.malformed) return malformed(facts.name, facts);
  return `${title(facts)}${diagnosticReply(facts)}${identityReply(facts)}${state(facts)}${common(facts)}`;
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

function common(facts: PduFacts): string {
  return `${rangeOf(facts)}${masks(facts)}${writeRange(facts)}${values(facts)}${groups(facts)}${data(facts)}`;
}

function rangeOf({ address, quantity }: PduFacts): string {
  return address === undefined ? '' : ` ${span(address, quantity)}`;
}

function span(first: number, quantity = 1): string {
  if (quantity === 0) return `${first} (quantity 0)`;
  return quantity === 1 ? String(first) : `${first}..${first + quantity - 1}`;
}

function masks({ andMask, orMask }: PduFacts): string {
  return andMask === undefined || orMask === undefined ? '' : ` and=${hexWord(andMask)} or=${hexWord(orMask)}`;
}

function writeRange({ writeAddress, values }: PduFacts): string {
  return writeAddress === undefined ? '' : `, write ${span(writeAddress, values?.length)}`;
}

function values({ functionCode, values }: PduFacts): string {
  return values === undefined || functionCode === FunctionCode.Diagnostics ? '' : ` = ${list(values)}`;
}

function groups({ groups }: PduFacts): string {
  if (groups === undefined) return '';
  return `${groups[0]?.file === undefined ? ' = ' : ' '}${cut(groups.map(group), '; ', 'groups')}`;
}

function group({ file, record, length, values }: FileGroup): string {
  if (file === undefined || record === undefined) return list(values ?? []);
  const where = `file ${file} record ${span(record, length)}`;
  return values === undefined ? where : `${where} = ${list(values)}`;
}

/** A server's id is mostly text, other data is not. */
function data({ functionCode, data }: PduFacts): string {
  if (data === undefined) return '';
  if (functionCode === FunctionCode.ReportServerId) return ` = ${escapedBytes(data)}`;
  return data.length === 0 ? '' : `: ${hexBytes(data)}`;
}

/** The word that most requests of 08 have is 0000, which says nothing. */
function diagnosticRequest({ functionCode, values }: PduFacts): string {
  if (functionCode !== FunctionCode.Diagnostics || values === undefined || values[0] === 0) return '';
  return ` ${hexWord(values[0])}`;
}

function diagnosticReply(facts: PduFacts): string {
  const { functionCode, subFunction = 0, values } = facts;
  if (functionCode !== FunctionCode.Diagnostics || values === undefined) return '';
  if (subFunction === DIAGNOSTIC_REGISTER) return ` = ${hexWord(values[0])}`;
  const isCounter = subFunction >= FIRST_COUNTER && subFunction <= LAST_COUNTER;
  return isCounter ? ` = ${values[0]}` : diagnosticRequest(facts);
}

function identityRequest({ code, objectId }: PduFacts): string {
  if (code === undefined || objectId === undefined) return '';
  if (code === ONE_OBJECT) return ` ${objectLabel(objectId)}`;
  return ` ${level(code)}${objectId === 0 ? '' : ` from ${objectLabel(objectId)}`}`;
}

function identityReply({ code, objects, moreFollows, nextObjectId }: PduFacts): string {
  if (code === undefined || objects === undefined) return '';
  const texts = objects.map(({ id, text }: IdentityObject) => `${objectLabel(id)} ${quoted(text)}`);
  const more = moreFollows && nextObjectId !== undefined ? `, more from ${objectLabel(nextObjectId)}` : '';
  const which = code === ONE_OBJECT ? '' : ` ${level(code)}`;
  return `${which}: ${texts.length === 0 ? 'nothing' : texts.join(', ')}${more}`;
}

function level(code: number): string {
  return LEVELS[code] || `code ${hexDigits(code)}`;
}

function objectLabel(id: number): string {
  return objectName(id) ?? `object 0x${hexDigits(id)}`;
}

/** What the replies of 07, 0B and 0C tell about the server. */
function state({ functionCode, status, eventCount, messageCount, events }: PduFacts): string {
  if (status === undefined) return '';
  if (functionCode === FunctionCode.ReadExceptionStatus) return ` = 0x${hexDigits(status)}`;
  const messages = messageCount === undefined ? '' : `, ${messageCount} messages`;
  const log = events === undefined ? '' : `, log ${hexBytes(events)}`;
  return ` = ${eventCount} events${messages}, ${statusWord(status)}${log}`;
}

function statusWord(status: number): string {
  if (status === STATUS_READY) return 'ready';
  return status === STATUS_BUSY ? 'busy' : `status ${hexWord(status)}`;
}

function list(values: readonly number[]): string {
  return values.length === 0 ? 'nothing' : cut(values, ', ', 'values');
}

function hexBytes(bytes: ArrayLike<number>): string {
  return bytes.length === 0 ? 'empty' : cut(Array.from(bytes, hexDigits), ' ', 'bytes');
}

function cut(items: readonly (string | number)[], separator: string, what: string): string {
  if (items.length <= MAX_SHOWN) return items.join(separator);
  return `${items.slice(0, MAX_SHOWN).join(separator)} … (${items.length} ${what})`;
}

function hexWord(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text of a device that nobody has to trust: what could move a terminal's cursor or break the line is escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** Printable ASCII as it is, other bytes as `\xFF`. */
function escapedBytes(bytes: Uint8Array): string {
  return `"${Array.from(bytes, escaped).join('')}"`;
}

function escaped(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[ -~]/.test(character) && !/["\\]/.test(character) ? character : `\\x${hexDigits(byte)}`;
}
