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

/** A decoded request: `malformed`, or the fields of its function code. */
export type RequestFacts = RequestsOf<AnySheet> | Facts<OtherFunctionCode, OtherFields> | MalformedFacts;
/** A decoded reply: `malformed`, an exception with its `exceptionCode`, or the fields of its function code. */
export type ReplyFacts =
  | RepliesOf<AnySheet>
  | Facts<OtherFunctionCode, OtherFields>
  | Facts<number, ExceptionFields>
  | MalformedFacts;

const ALL: readonly AnySheet[] = [...bits, ...registers, ...status, diagnostics, ...files, fifo, encapsulated];

/** One thing that the sheets say, in an array by function code. */
export function byFunctionCode<Item>(of: (sheet: AnySheet) => Item): readonly (Item | undefined)[] {
  const items = new Array<Item | undefined>(256).fill(undefined);
  for (const sheet of ALL) items[sheet.code] = of(sheet);
  return items;
}

/** The sheets of the public functions, by function code. */
export const SHEETS: readonly (AnySheet | undefined)[] = byFunctionCode((sheet) => sheet);
