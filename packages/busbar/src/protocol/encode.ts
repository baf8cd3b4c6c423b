import { checkBytes, checkInteger, checkObject } from '../checks.js';
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

/**
 * The fields of a request. Decoded facts will do, unless they are malformed. Names and the quantity of a write are
 * optional.
 */
export type RequestFields = RequestsOf<AnySheet> | Other;
/**
 * The fields of a reply. Decoded facts will do, unless they are malformed. Names, and what only the request says, are
 * optional.
 */
export type ReplyFields = RepliesOf<AnySheet> | Other | Encodable<number, ExceptionFields>;

/** A sheet, which takes the fields of its own function only. The function code of the fields chooses the sheet. */
interface Encoder {
  encodeRequest(fields: RequestFields): Uint8Array;
  encodeReply(fields: ReplyFields): Uint8Array;
}

const ENCODERS: readonly (Encoder | undefined)[] = SHEETS;

/**
 * Encodes a request as a PDU.
 * @throws OptionsError with the path of a field that is missing, that doesn't fit, or that the documents don't allow.
 * So a server refuses an encoded request only for what it has itself, such as its addresses.
 */
export function encodeRequest(fields: RequestFields): Uint8Array {
  const code = checkFunctionCode(fields);
  return ENCODERS[code]?.encodeRequest(fields) ?? encodeOther(fields);
}

/** Encodes a reply, or an exception reply, as a PDU. @throws OptionsError, as for requests. */
export function encodeReply(fields: ReplyFields): Uint8Array {
  const code = checkFunctionCode(fields);
  if (fields.exceptionCode !== undefined) return encodeException(fields);
  return ENCODERS[code]?.encodeReply(fields) ?? encodeOther(fields);
}

function checkFunctionCode(fields: RequestFields | ReplyFields): number {
  const { malformed, functionCode } = checkObject(fields, []);
  if (malformed) throw new OptionsError(['malformed'], 'expected decoded fields, found a malformed PDU');
  return checkInteger(functionCode, 1, EXCEPTION_BIT - 1, ['functionCode']);
}

function encodeOther({ functionCode, data }: RequestFields | ReplyFields): Uint8Array {
  return new PduWriter()
    .byte(functionCode, ['functionCode'])
    .bytes(checkBytes(data, MAX_PDU_LENGTH - 1, ['data']))
    .finish();
}

function encodeException({ functionCode, exceptionCode }: Encodable<number, ExceptionFields>): Uint8Array {
  return Uint8Array.of(functionCode | EXCEPTION_BIT, checkInteger(exceptionCode, 1, 0xff, ['exceptionCode']));
}
