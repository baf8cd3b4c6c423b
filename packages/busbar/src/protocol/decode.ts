import { exceptionName } from './exception-codes.js';
import type { ExceptionFields, Facts, MalformedFacts, OtherFields, OtherFunctionCode } from './facts.js';
import { EXCEPTION_BIT } from './function-codes.js';
import { malformed } from './sheets/sheet.js';
import { type ReplyFacts, type RequestFacts, SHEETS } from './sheets.js';
import { hexDigits } from './text.js';

/** What a request PDU says. Never throws, whatever the bytes. */
export function decodeRequest(pdu: Uint8Array): RequestFacts {
  return SHEETS[pdu[0]]?.decodeRequest(pdu) ?? decodeOther(pdu);
}

/**
 * What a reply PDU says. Never throws, whatever the bytes.
 * @param request the request PDU that it answers, if known. It tells the addresses of what was read, and how many of
 * the bits are real. One of another function, or for another amount of data than came, can't be the one, and tells
 * nothing.
 */
export function decodeReply(pdu: Uint8Array, request?: Uint8Array): ReplyFacts {
  const asked = request !== undefined && request[0] === (pdu[0] & ~EXCEPTION_BIT) ? request : undefined;
  if ((pdu[0] & EXCEPTION_BIT) !== 0) return decodeException(pdu, asked);
  return SHEETS[pdu[0]]?.decodeReply(pdu, asked) ?? decodeOther(pdu);
}

function decodeOther(pdu: Uint8Array): Facts<OtherFunctionCode, OtherFields> | MalformedFacts {
  const [functionCode] = pdu;
  if (functionCode === undefined || !isOther(functionCode)) return malformed('empty PDU', pdu);
  return { functionCode, name: functionName(functionCode), data: pdu.slice(1) };
}

/** Whether the code is not that of a public function. */
function isOther(functionCode: number): functionCode is OtherFunctionCode {
  return SHEETS[functionCode] === undefined;
}

function functionName(functionCode: number): string {
  return SHEETS[functionCode]?.name ?? `function 0x${hexDigits(functionCode)}`;
}

/** The name is that of the request, if it is known: the reply itself doesn't show the MEI type of 2B. */
function decodeException(
  pdu: Uint8Array,
  request: Uint8Array | undefined,
): Facts<number, ExceptionFields> | MalformedFacts {
  const functionCode = pdu[0] & ~EXCEPTION_BIT;
  const { name = functionName(functionCode), subFunction, subFunctionName } = request ? decodeRequest(request) : {};
  const told = { functionCode, name };
  if (pdu.length === 1) return { ...told, data: pdu.slice(1), malformed: true };
  const exceptionCode = pdu[1];
  const known = exceptionName(exceptionCode);
  const exception = { ...told, exceptionCode, ...(known !== undefined && { exceptionName: known }) };
  if (pdu.length > 2) return { ...exception, data: pdu.slice(1), malformed: true };
  return {
    ...exception,
    ...(subFunction !== undefined && { subFunction }),
    ...(subFunctionName !== undefined && { subFunctionName }),
  };
}
