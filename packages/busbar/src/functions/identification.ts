import { IDENTIFICATION_HEADER_LENGTH, type Identity, OBJECT_HEADER_LENGTH } from '../data/identity.js';
import { copyBytes, NO_BYTES } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';
import { READ_DEVICE_IDENTIFICATION } from '../protocol/sheets/encapsulated.js';
import { type FunctionEntry, type ModbusFunction, type Result, refuse, type Transaction } from './transaction.js';

const INDIVIDUAL = 4;
/** Flag in the conformity level: objects can also be read one by one. */
const INDIVIDUAL_ACCESS = 0x80;
const MORE_FOLLOWS = 0xff;

/** 2B with MEI type 0E; other types are for custom functions (AP, clause 6.19). */
const encapsulatedInterface: ModbusFunction = {
  effect: 'none',
  execute(transaction) {
    const { request, start, end, unit, defaultIdentity } = transaction;
    const identity = unit.identity ?? defaultIdentity;
    if (end - start < 2) return refuse(ExceptionCode.IllegalDataValue);
    if (request[start + 1] !== READ_DEVICE_IDENTIFICATION || identity === undefined) {
      return refuse(ExceptionCode.IllegalFunction);
    }
    const code = request[start + 2];
    if (end - start !== 4 || code < 1 || code > INDIVIDUAL) return refuse(ExceptionCode.IllegalDataValue);
    const objectId = request[start + 3];
    return code === INDIVIDUAL
      ? writeOne(transaction, identity, objectId)
      : writeStream(transaction, identity, code, objectId);
  },
};

function writeOne(transaction: Transaction, identity: Identity, id: number): Result {
  if (identity.get(id) === undefined) return refuse(ExceptionCode.IllegalDataAddress);
  return writeObjects(transaction, identity, [id], INDIVIDUAL);
}

/** A level above the device's is lowered to the device's; an unknown first object means a start at 00. */
function writeStream(transaction: Transaction, identity: Identity, code: number, objectId: number): Result {
  const ids = identity.idsOfLevel(Math.min(code, identity.level));
  return writeObjects(transaction, identity, ids.slice(Math.max(0, ids.indexOf(objectId))), code);
}

function writeObjects(
  { reply, replyStart }: Transaction,
  identity: Identity,
  ids: readonly number[],
  code: number,
): Result {
  let at = replyStart + IDENTIFICATION_HEADER_LENGTH;
  let count = 0;
  for (const id of ids) {
    const object = identity.get(id) ?? NO_BYTES;
    if (at + OBJECT_HEADER_LENGTH + object.length > replyStart + MAX_PDU_LENGTH) break;
    reply[at] = id;
    reply[at + 1] = object.length;
    copyBytes(object, 0, object.length, reply, at + OBJECT_HEADER_LENGTH);
    at += OBJECT_HEADER_LENGTH + object.length;
    count++;
  }
  const more = count < ids.length;
  reply[replyStart + 1] = READ_DEVICE_IDENTIFICATION;
  reply[replyStart + 2] = code;
  reply[replyStart + 3] = INDIVIDUAL_ACCESS | identity.level;
  reply[replyStart + 4] = more ? MORE_FOLLOWS : 0;
  reply[replyStart + 5] = more ? ids[count] : 0;
  reply[replyStart + 6] = count;
  return at - replyStart;
}

export const identificationFunctions: readonly FunctionEntry[] = [
  [FunctionCode.EncapsulatedInterfaceTransport, encapsulatedInterface],
];
