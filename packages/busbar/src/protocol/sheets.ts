import type { ExceptionFields, Facts, MalformedFacts, OtherFields, OtherFunctionCode } from './facts.js';
import { type BitSheet, bits } from './sheets/bits.js';
import { type DiagnosticsSheet, diagnostics } from './sheets/diagnostics.js';
import { type EncapsulatedSheet, encapsulated } from './sheets/encapsulated.js';
import { type FifoSheet, fifo } from './sheets/fifo.js';
import { type FileSheet, files } from './sheets/files.js';
import { type RegisterSheet, registers } from './sheets/registers.js';
import type { Sheet } from './sheets/sheet.js';
import { type StatusSheet, status } from './sheets/status.js';

/** The sheet of any public function. */
export type AnySheet =
  | BitSheet
  | RegisterSheet
  | StatusSheet
  | DiagnosticsSheet
  | FileSheet
  | FifoSheet
  | EncapsulatedSheet;

type RequestsOf<S> = S extends Sheet<infer Code, infer Request, infer _> ? Facts<Code, Request> : never;
type RepliesOf<S> = S extends Sheet<infer Code, infer _, infer Reply> ? Facts<Code, Reply> : never;

/** What a request PDU says: nothing if it is `malformed`, else by its function code what such a request has. */
export type RequestFacts = RequestsOf<AnySheet> | Facts<OtherFunctionCode, OtherFields> | MalformedFacts;
/** What a reply PDU says: nothing if it is `malformed`, an `exceptionCode`, or by its function code what such a reply has. */
export type ReplyFacts =
  | RepliesOf<AnySheet>
  | Facts<OtherFunctionCode, OtherFields>
  | Facts<number, ExceptionFields>
  | MalformedFacts;

const ALL: readonly AnySheet[] = [...bits, ...registers, ...status, diagnostics, ...files, fifo, encapsulated];

/** One thing that the sheets say, by function code: what a byte of a PDU looks up at once. */
export function byFunctionCode<Item>(of: (sheet: AnySheet) => Item): readonly (Item | undefined)[] {
  const items = new Array<Item | undefined>(256).fill(undefined);
  for (const sheet of ALL) items[sheet.code] = of(sheet);
  return items;
}

/** By function code: the sheets of the public functions. */
export const SHEETS: readonly (AnySheet | undefined)[] = byFunctionCode((sheet) => sheet);
