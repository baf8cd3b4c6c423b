import type { Exchange } from '../../../api/contract.js';
import { type MessageField, PduReader } from './reader.js';
import { REPLIES } from './replies.js';
import { REQUESTS } from './requests.js';

const EXCEPTION_BIT = 0x80;

/** The fields of a request. */
export function requestFields({ request, name }: Exchange): MessageField[] {
  const pdu = new PduReader(request);
  const code = pdu.byte('Function code', (value) => `${value}: ${name.toLowerCase()}`);
  REQUESTS[code]?.(pdu);
  return withRest(pdu, code in REQUESTS);
}

/** The fields of a reply. @param reply its PDU in hexadecimal digits. */
export function replyFields({ exception, range, functionCode }: Exchange, reply: string): MessageField[] {
  const pdu = new PduReader(reply);
  const code = pdu.byte('Function code', (value) => {
    if ((value & EXCEPTION_BIT) !== 0) return `${value & ~EXCEPTION_BIT} with the exception bit`;
    return value === functionCode ? String(value) : `${value}, not that of the request`;
  });
  if (exception !== undefined) pdu.byte('Exception code', (value) => `${value}: ${exception.name}`);
  else REPLIES[code]?.(pdu, range);
  return withRest(pdu, exception !== undefined || code in REPLIES);
}

/** Bytes that no field has. @param isKnown whether the fields of the message are known. */
function withRest(pdu: PduReader, isKnown: boolean): MessageField[] {
  pdu.bytes(isKnown ? 'Bytes left over' : 'Data', () => '');
  return pdu.fields;
}
