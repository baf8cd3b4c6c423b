import type { Encodable, Facts, MalformedFacts } from '../facts.js';
import { type LengthOf, type LengthRule, lengthBy } from '../length-rule.js';
import { PduWriter } from '../pdu-writer.js';
import type { TableName } from '../tables.js';

/** The place in a request of the address and the quantity of items of a table. */
export interface RangeField {
  readonly table: TableName;
  readonly addressAt: number;
  /** Without it the quantity is one. */
  readonly quantityAt?: number;
}

/** The PDUs of a function in one direction. */
interface Form<Fields> {
  /** Writes the bytes after the function code. Throws OptionsError for fields that the documents don't allow. */
  encode(fields: Fields, pdu: PduWriter): unknown;
  /** The fields as text, to follow the function's name. */
  describe(fields: Fields): string;
}

export interface RequestForm<Fields> extends Form<Fields> {
  /** Other lengths get exception 03. Absent if the function itself judges the length. */
  readonly length?: LengthRule;
  /** If `length` is absent: the length of requests in practice, which helps to find the end of one on an RTU line. */
  readonly likelyLength?: LengthOf;
  /** Decodes a PDU of the right length. Returns undefined if something else in it breaks the rules of the function. */
  decode(pdu: Uint8Array): Fields | undefined;
}

export interface ReplyForm<Fields, Asked> extends Form<Fields> {
  /** Absent if the reply doesn't show its length. */
  readonly length?: LengthRule | LengthOf;
  /** The same. `asked` are the fields of the request, if it is known. */
  decode(pdu: Uint8Array, asked: Asked | undefined): Fields | undefined;
}

/** What the documents say about one function, except for its effect on a device. */
interface SheetFacts<Code, Request, Reply> {
  readonly code: Code;
  readonly name: string;
  /** The name, if more than the code decides it. */
  nameOf?(pdu: Uint8Array): string;
  readonly request: RequestForm<Request>;
  readonly reply: ReplyForm<Reply, Request>;
  /** The items of tables that a request reads or writes. */
  readonly ranges?: readonly RangeField[];
  /** Bytes of the sub-function, which follows the function code; absent if there are no sub-functions. */
  readonly subFunctionLength?: 1 | 2;
  /** For a write with a byte count: whether its counts agree with each other. Those of rubbish hardly ever do. */
  countsAgree?(bytes: Uint8Array, start: number, end: number): boolean;
  /** Length of the normal reply to an intact request, if the request determines it. */
  lengthOfReply?(request: Uint8Array, start: number, end: number): number;
  /** How many bytes of the request its reply repeats. */
  repeats?(request: Uint8Array): number;
}

/** One function, with its PDUs decoded and encoded. */
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

/** Facts of a PDU that breaks the rules of its function: only its bytes. */
export function malformed(name: string, pdu: Uint8Array): MalformedFacts {
  return { functionCode: pdu.length === 0 ? 0 : pdu[0], name, data: pdu.slice(1), malformed: true };
}
