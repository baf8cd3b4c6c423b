import { checkBytes, checkInteger } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Encodable, ExceptionFields, OtherFields, OtherFunctionCode } from './facts.js';
import { EXCEPTION_BIT } from './function-codes.js';
import { MAX_PDU_LENGTH } from './limits.js';
import { PduWriter } from './pdu-writer.js';
import type { Sheet } from './sheets/sheet.js';
import { type AnySheet, SHEETS } from './sheets.js';

type RequestsOf<S> = S extends Sheet<infer Code, infer Request, infer _> ? Encodable<Code, Request> : never;
type RepliesOf<S> = S extends Sheet<infer Code, infer _, infer Reply> ? Encodable<Code, Reply> : never;
type Other = Encodable<OtherFunctionCode, OtherFields>;

/** What a request is made of. Intact `RequestFacts` will do; names are not needed, nor is the quantity of a write. */
export type RequestFields = RequestsOf<AnySheet> | Other;
/** What a reply is made of. Intact `ReplyFacts` will do; names are not needed, nor is what only the request says. */
export type ReplyFields = RepliesOf<AnySheet> | Other | Encodable<number, ExceptionFields>;

/** Takes what its own function code has: by that it was found. */
interface Encoder {
  encodeRequest(fields: RequestFields): Uint8Array;
  encodeReply(fields: ReplyFields): Uint8Array;
}

const ENCODERS: readonly (Encoder | undefined)[] = SHEETS;

/**
 * The PDU of a request.
 * @throws OptionsError with the path of a field that is missing, that the wire can't carry, or that the documents don't allow: what
 * is encoded may be refused only for what the server has.
 */
export function encodeRequest(fields: RequestFields): Uint8Array {
  checkIntact(fields);
  return ENCODERS[fields.functionCode]?.encodeRequest(fields) ?? encodeOther(fields);
}

/** The PDU of a reply, which may be an exception. @throws OptionsError, as for requests. */
export function encodeReply(fields: ReplyFields): Uint8Array {
  checkIntact(fields);
  if (fields.exceptionCode !== undefined) return encodeException(fields);
  return ENCODERS[fields.functionCode]?.encodeReply(fields) ?? encodeOther(fields);
}

function checkIntact({ malformed }: { readonly malformed?: boolean }): void {
  if (malformed) throw new OptionsError(['malformed'], 'a malformed PDU has nothing to encode but its bytes');
}

function encodeOther({ functionCode, data }: RequestFields | ReplyFields): Uint8Array {
  const code = checkFunctionCode(functionCode);
  return new PduWriter()
    .byte(code, ['functionCode'])
    .bytes(checkBytes(data, MAX_PDU_LENGTH - 1, ['data']))
    .finish();
}

function encodeException({ functionCode, exceptionCode }: Encodable<number, ExceptionFields>): Uint8Array {
  const code = checkFunctionCode(functionCode);
  return Uint8Array.of(code | EXCEPTION_BIT, checkInteger(exceptionCode, 1, 0xff, ['exceptionCode']));
}

function checkFunctionCode(functionCode: number): number {
  return checkInteger(functionCode, 1, EXCEPTION_BIT - 1, ['functionCode']);
}
