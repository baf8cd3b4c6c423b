import { checkBytes, checkString } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import type { Fields, IdentityObject } from '../facts.js';
import { FunctionCode } from '../function-codes.js';
import { MAX_PDU_LENGTH } from '../limits.js';
import { checkRecords, type PduWriter } from '../pdu-writer.js';
import { hexDigits, quoted, rawBytes } from '../text.js';
import { type Sheet, sheet } from './sheet.js';

type Code = typeof FunctionCode;
/** MEI types other than 0E, of which only the bytes are known. */
type Raw = Fields<'subFunction' | 'data', 'subFunctionName'>;
type IdentityRequest = Fields<'subFunction' | 'code' | 'objectId', 'subFunctionName'>;
type IdentityReply = Fields<
  'subFunction' | 'code' | 'conformityLevel' | 'moreFollows' | 'nextObjectId' | 'objects',
  'subFunctionName'
>;

export type EncapsulatedSheet = Sheet<
  Code['EncapsulatedInterfaceTransport'],
  IdentityRequest | Raw,
  IdentityReply | Raw
>;

/** MEI types (AP, clause 6.19). */
export const READ_DEVICE_IDENTIFICATION = 0x0e;
const CANOPEN = 0x0d;

const NAME = 'encapsulated interface transport';
const IDENTIFICATION_NAME = 'read device identification';
const NAMES: ReadonlyMap<number, string> = new Map([
  [CANOPEN, 'CANopen general reference'],
  [READ_DEVICE_IDENTIFICATION, IDENTIFICATION_NAME],
]);
const IDENTIFICATION = { subFunction: READ_DEVICE_IDENTIFICATION, subFunctionName: IDENTIFICATION_NAME };

/** Bytes of a request for an identification. */
const REQUEST_LENGTH = 4;
/** Bytes of a reply ahead of its objects: 2B, 0E, code, conformity, more follows, next object, number of objects. */
const HEADER_LENGTH = 7;
/** Of an object: id and length. */
const OBJECT_HEADER_LENGTH = 2;
const MORE_FOLLOWS = 0xff;
const ONE_OBJECT = 4;
const MAX_OBJECTS = 0xff;
/** Read device id codes (AP, clause 6.21). */
const LEVELS = ['', 'basic', 'regular', 'extended'];

/** Objects from 0 on (AP, clause 6.21), by the names that their options have. */
const OBJECTS: readonly string[] = [
  'vendorName',
  'productCode',
  'majorMinorRevision',
  'vendorUrl',
  'productName',
  'modelName',
  'userApplicationName',
];

function isIdentification(pdu: Uint8Array): boolean {
  return pdu[1] === READ_DEVICE_IDENTIFICATION;
}

function decodeRaw(pdu: Uint8Array): Raw | undefined {
  if (pdu.length < 2) return undefined;
  const name = NAMES.get(pdu[1]);
  return { subFunction: pdu[1], ...(name !== undefined && { subFunctionName: name }), data: pdu.slice(2) };
}

function encodeRaw({ subFunction, data }: Raw, pdu: PduWriter): void {
  if (subFunction === READ_DEVICE_IDENTIFICATION) {
    throw new OptionsError(['data'], `expected the fields of ${IDENTIFICATION_NAME}, found bytes`);
  }
  pdu.byte(subFunction, ['subFunction']).bytes(checkBytes(data, MAX_PDU_LENGTH - 2, ['data']));
}

function decodeRequest(pdu: Uint8Array): IdentityRequest | Raw | undefined {
  if (!isIdentification(pdu)) return decodeRaw(pdu);
  return pdu.length === REQUEST_LENGTH ? { ...IDENTIFICATION, code: pdu[2], objectId: pdu[3] } : undefined;
}

function encodeRequest(fields: IdentityRequest | Raw, pdu: PduWriter): void {
  if (fields.data !== undefined) encodeRaw(fields, pdu);
  else encodePrefix(fields, pdu).byte(fields.objectId, ['objectId']);
}

function encodePrefix({ subFunction, code }: IdentityRequest | IdentityReply, pdu: PduWriter): PduWriter {
  pdu.byte(subFunction, ['subFunction'], READ_DEVICE_IDENTIFICATION, READ_DEVICE_IDENTIFICATION);
  return pdu.byte(code, ['code'], 1, ONE_OBJECT);
}

function describeRequest({ code, objectId, data }: IdentityRequest | Raw): string {
  if (data !== undefined) return rawBytes(data);
  if (code === ONE_OBJECT) return ` ${objectLabel(objectId)}`;
  return ` ${level(code)}${objectId === 0 ? '' : ` from ${objectLabel(objectId)}`}`;
}

/** The length of an identification follows from its objects: id, length, bytes each. */
function replyLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < 2) return 0;
  if (bytes[start + 1] !== READ_DEVICE_IDENTIFICATION) return undefined;
  if (end - start < HEADER_LENGTH) return 0;
  let at = start + HEADER_LENGTH;
  for (let objects = bytes[start + 6]; objects > 0; objects--) {
    if (at + 1 >= end) return 0;
    at += OBJECT_HEADER_LENGTH + bytes[at + 1];
  }
  return at - start;
}

function decodeReply(pdu: Uint8Array): IdentityReply | Raw | undefined {
  if (!isIdentification(pdu)) return decodeRaw(pdu);
  return {
    ...IDENTIFICATION,
    code: pdu[2],
    conformityLevel: pdu[3],
    moreFollows: pdu[4] !== 0,
    nextObjectId: pdu[5],
    objects: decodeObjects(pdu),
  };
}

function decodeObjects(pdu: Uint8Array): IdentityObject[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const objects: IdentityObject[] = [];
  for (let at = HEADER_LENGTH; at < pdu.length; at += OBJECT_HEADER_LENGTH + pdu[at + 1]) {
    const name = OBJECTS[pdu[at]];
    const text = decoder.decode(pdu.subarray(at + OBJECT_HEADER_LENGTH, at + OBJECT_HEADER_LENGTH + pdu[at + 1]));
    objects.push({ id: pdu[at], ...(name !== undefined && { name }), text });
  }
  return objects;
}

function encodeReply(fields: IdentityReply | Raw, pdu: PduWriter): void {
  if (fields.data !== undefined) {
    encodeRaw(fields, pdu);
    return;
  }
  const { conformityLevel, moreFollows, nextObjectId } = fields;
  const objects = checkRecords(fields.objects, 0, MAX_OBJECTS, ['objects']);
  encodePrefix(fields, pdu).byte(conformityLevel, ['conformityLevel']);
  pdu.byte(moreFollows ? MORE_FOLLOWS : 0, ['moreFollows']).byte(nextObjectId, ['nextObjectId']);
  pdu.byte(objects.length, ['objects']);
  objects.forEach((object, i) => void encodeObject(object, pdu, i));
}

function encodeObject({ id, text }: IdentityObject, pdu: PduWriter, i: number): void {
  const path = ['objects', i];
  if (/\p{Surrogate}/u.test(checkString(text, [...path, 'text']))) {
    throw new OptionsError([...path, 'text'], 'expected text that UTF-8 can carry, found half a character');
  }
  pdu.byte(id, [...path, 'id']).counted((content) => content.bytes(new TextEncoder().encode(text)), [...path, 'text']);
}

function describeReply({ code, objects, moreFollows, nextObjectId, data }: IdentityReply | Raw): string {
  if (data !== undefined) return rawBytes(data);
  const texts = objects.map(({ id, text }) => `${objectLabel(id)} ${quoted(text)}`);
  const more = moreFollows ? `, more from ${objectLabel(nextObjectId)}` : '';
  const which = code === ONE_OBJECT ? '' : ` ${level(code)}`;
  return `${which}: ${texts.length === 0 ? 'nothing' : texts.join(', ')}${more}`;
}

function level(code: number): string {
  return LEVELS[code] || `code ${hexDigits(code)}`;
}

function objectLabel(id: number): string {
  return OBJECTS[id] ?? `object 0x${hexDigits(id)}`;
}

/**
 * 2B (AP, clauses 6.19 to 6.21). There is no rule for the length, because a device without an identity answers 01 at
 * any length.
 */
export const encapsulated: EncapsulatedSheet = sheet({
  code: FunctionCode.EncapsulatedInterfaceTransport,
  name: NAME,
  nameOf: (pdu) => (isIdentification(pdu) ? IDENTIFICATION_NAME : NAME),
  subFunctionLength: 1,
  request: {
    likelyLength(bytes, start, end) {
      if (end - start < 2) return 0;
      return bytes[start + 1] === READ_DEVICE_IDENTIFICATION ? REQUEST_LENGTH : undefined;
    },
    decode: decodeRequest,
    encode: encodeRequest,
    describe: describeRequest,
  },
  reply: { length: replyLength, decode: decodeReply, encode: encodeReply, describe: describeReply },
  repeats: () => 2,
});
