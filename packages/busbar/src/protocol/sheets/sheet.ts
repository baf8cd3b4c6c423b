import type { Encodable, Facts, MalformedFacts } from '../facts.js';
import { type LengthOf, type LengthRule, lengthBy } from '../length-rule.js';
import { PduWriter } from '../pdu-writer.js';
import type { TableName } from '../tables.js';

/** Where a request says which items of a table it is about. */
export interface RangeField {
  readonly table: TableName;
  readonly addressAt: number;
  /** Without it the quantity is one. */
  readonly quantityAt?: number;
}

/** One direction of a function: how its PDUs are made, and what they say. */
interface Form<Fields> {
  /** Puts what stands behind the function code. Throws OptionsError for fields that the documents don't allow. */
  encode(fields: Fields, pdu: PduWriter): unknown;
  /** What the fields say, for people, to stand behind the function's name. */
  describe(fields: Fields): string;
}

export interface RequestForm<Fields> extends Form<Fields> {
  /** Other lengths get exception 03. Absent if the function itself judges the length. */
  readonly length?: LengthRule;
  /** If `length` is absent: the length that requests have in practice, to find the end of one on an RTU line. */
  readonly likelyLength?: LengthOf;
  /** Takes a PDU of the right length apart. Returns undefined if something else in it is not as the function demands. */
  decode(pdu: Uint8Array): Fields | undefined;
}

export interface ReplyForm<Fields, Asked> extends Form<Fields> {
  /** Absent if the reply itself doesn't tell. */
  readonly length?: LengthRule | LengthOf;
  /** The same; `asked` is what its request says, if that is known. */
  decode(pdu: Uint8Array, asked: Asked | undefined): Fields | undefined;
}

/** All that the documents say of one function, except what it does to a device. */
interface SheetFacts<Code, Request, Reply> {
  readonly code: Code;
  readonly name: string;
  /** The name, if it depends on more than the code. */
  nameOf?(pdu: Uint8Array): string;
  readonly request: RequestForm<Request>;
  readonly reply: ReplyForm<Reply, Request>;
  /** Which items of the tables a request is about. */
  readonly ranges?: readonly RangeField[];
  /** Bytes that a sub-function takes behind the function code, if there are sub-functions. */
  readonly subFunctionLength?: 1 | 2;
  /** Of a write with a byte count: whether its counts agree with each other. Rubbish hardly ever manages that. */
  countsAgree?(bytes: Uint8Array, start: number, end: number): boolean;
  /** Length of the normal reply to an intact request, if the request tells it. */
  lengthOfReply?(request: Uint8Array, start: number, end: number): number;
  /** How many bytes of the request a reply repeats; more than there are: all of them. */
  repeats?(request: Uint8Array): number;
}

/** One function: its facts, and its PDUs by them. */
export interface Sheet<Code, Request, Reply> extends SheetFacts<Code, Request, Reply> {
  decodeRequest(pdu: Uint8Array): Facts<Code, Request> | MalformedFacts;
  /** @param request the request PDU that it answers, if known. */
  decodeReply(pdu: Uint8Array, request: Uint8Array | undefined): Facts<Code, Reply> | MalformedFacts;
  encodeRequest(fields: Encodable<Code, Request>): Uint8Array;
  encodeReply(fields: Encodable<Code, Reply>): Uint8Array;
}

export function sheet<Code extends number, Request, Reply>(
  facts: SheetFacts<Code, Request, Reply>,
): Sheet<Code, Request, Reply> {
  const { code, request, reply } = facts;
  const named = <Fields>(pdu: Uint8Array, fields: Fields | undefined): Facts<Code, Fields> | MalformedFacts => {
    const name = facts.nameOf?.(pdu) ?? facts.name;
    return fields === undefined ? malformed(name, pdu) : { functionCode: code, name, ...fields };
  };
  const asks = (pdu: Uint8Array) => (isAsLong(request.length, pdu) ? request.decode(pdu) : undefined);
  const encode = <Fields>(form: Form<Fields>, fields: Fields) => {
    const pdu = new PduWriter().byte(code, ['functionCode']);
    form.encode(fields, pdu);
    return pdu.finish();
  };
  return {
    ...facts,
    decodeRequest: (pdu) => named(pdu, asks(pdu)),
    decodeReply: (pdu, asked) =>
      named(pdu, isAsLong(reply.length, pdu) ? reply.decode(pdu, asked && asks(asked)) : undefined),
    encodeRequest: (fields) => encode(request, fields),
    encodeReply: (fields) => encode(reply, fields),
  };
}

function isAsLong(rule: LengthRule | LengthOf | undefined, pdu: Uint8Array): boolean {
  const length = lengthBy(rule, pdu, 0, pdu.length);
  return length === undefined || length === pdu.length;
}

/** A PDU that isn't as its function demands: its bytes, and nothing of what they might say. */
export function malformed(name: string, pdu: Uint8Array): MalformedFacts {
  return { functionCode: pdu.length === 0 ? 0 : pdu[0], name, data: pdu.slice(1), malformed: true };
}
