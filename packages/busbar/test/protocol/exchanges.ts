import type { ReplyFields, RequestFields } from 'busbar/protocol';
import { FunctionCode } from 'busbar/protocol';
import fc from 'fast-check';

/** A request and a reply to it, by their fields. */
export interface Exchange {
  readonly request: RequestFields;
  readonly reply: ReplyFields;
}

const byte = fc.nat(0xff);
const word = fc.nat(0xffff);
const many = <Item>(item: fc.Arbitrary<Item>, max: number, min = 1) =>
  fc.array(item, { minLength: min, maxLength: max, size: 'max' });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength, size: 'max' });

/** Reads: as many values as were asked for. */
function reads(
  functionCode: 1 | 2 | 3 | 4,
  value: fc.Arbitrary<number>,
  max: number,
): readonly [code: number, fc.Arbitrary<Exchange>] {
  const exchange = fc.record({ address: word, values: many(value, max) }).map(({ address, values }) => {
    const range = { address, quantity: values.length };
    return { request: { functionCode, ...range }, reply: { functionCode, ...range, values } };
  });
  return [functionCode, exchange];
}

/** The reply is the request again. */
function echo(fields: fc.Arbitrary<RequestFields & ReplyFields>): fc.Arbitrary<Exchange> {
  return fields.map((same) => ({ request: same, reply: same }));
}

/** The request is a function code alone. */
function bare(
  functionCode: 0x07 | 0x0b | 0x0c | 0x11,
  reply: fc.Arbitrary<ReplyFields>,
): readonly [code: number, fc.Arbitrary<Exchange>] {
  return [functionCode, reply.map((fields) => ({ request: { functionCode }, reply: fields }))];
}

function multipleWrites(functionCode: 0x0f | 0x10, value: fc.Arbitrary<number>, max: number) {
  const exchange = fc.record({ address: word, values: many(value, max) }).map(({ address, values }) => ({
    request: { functionCode, address, values },
    reply: { functionCode, address, quantity: values.length },
  }));
  return [functionCode, exchange] as const;
}

const place = { file: fc.integer({ min: 1, max: 0xffff }), record: fc.nat(0x270f) };
const groups = fc
  .array(fc.record({ ...place, values: many(word, 50) }), { minLength: 1, maxLength: 2 })
  .map((list) => list.map((group) => ({ ...group, length: group.values.length })));

const DATA_WORD_SUB_FUNCTIONS = [1, 2, 3, 4, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x14];
const diagnostics = fc.oneof(
  fc.record({
    functionCode: fc.constant(FunctionCode.Diagnostics),
    subFunction: fc.constantFrom(...DATA_WORD_SUB_FUNCTIONS),
    values: many(word, 1),
  }),
  fc.record({
    functionCode: fc.constant(FunctionCode.Diagnostics),
    subFunction: fc.constantFrom(0, 5, 0x13, 0xffff),
    data: fc
      .array(word, { maxLength: 125, size: 'max' })
      .map((words) => new Uint8Array(Uint16Array.from(words).buffer)),
  }),
);

const MEI_TYPE = { subFunction: 0x0e, subFunctionName: 'read device identification' };
const identification = fc
  .record({
    code: fc.integer({ min: 1, max: 4 }),
    objectId: byte,
    conformityLevel: byte,
    moreFollows: fc.boolean(),
    nextObjectId: byte,
    objects: fc.array(fc.record({ id: byte, text: fc.string({ unit: 'grapheme', maxLength: 4 }) }), { maxLength: 3 }),
  })
  .map(({ objectId, ...reply }) => ({
    request: { functionCode: FunctionCode.EncapsulatedInterfaceTransport, ...MEI_TYPE, code: reply.code, objectId },
    reply: { functionCode: FunctionCode.EncapsulatedInterfaceTransport, ...MEI_TYPE, ...reply },
  }));
const rawInterface = fc.record({
  functionCode: fc.constant(FunctionCode.EncapsulatedInterfaceTransport),
  subFunction: fc.constantFrom(0, 0x0d, 0xff),
  data: bytes(251),
});

const readWrites = fc
  .record({ address: word, writeAddress: word, values: many(word, 121), read: many(word, 125) })
  .map(({ address, writeAddress, values, read }) => {
    const functionCode = FunctionCode.ReadWriteMultipleRegisters;
    const range = { address, quantity: read.length };
    return {
      request: { functionCode, ...range, writeAddress, values },
      reply: { functionCode, ...range, values: read },
    };
  });

const fileReads = groups.map((list) => {
  const functionCode = FunctionCode.ReadFileRecord;
  return {
    request: { functionCode, groups: list.map(({ values: _, ...group }) => group) },
    reply: { functionCode, groups: list },
  };
});

/** Of every public function, by code: all that a request and a reply may say. */
export const EXCHANGES: ReadonlyMap<number, fc.Arbitrary<Exchange>> = new Map<number, fc.Arbitrary<Exchange>>([
  reads(FunctionCode.ReadCoils, fc.nat(1), 2000),
  reads(FunctionCode.ReadDiscreteInputs, fc.nat(1), 2000),
  reads(FunctionCode.ReadHoldingRegisters, word, 125),
  reads(FunctionCode.ReadInputRegisters, word, 125),
  [
    FunctionCode.WriteSingleCoil,
    echo(
      fc.record({
        functionCode: fc.constant(FunctionCode.WriteSingleCoil),
        address: word,
        values: many(fc.nat(1), 1),
      }),
    ),
  ],
  [
    FunctionCode.WriteSingleRegister,
    echo(
      fc.record({
        functionCode: fc.constant(FunctionCode.WriteSingleRegister),
        address: word,
        values: many(word, 1),
      }),
    ),
  ],
  bare(0x07, fc.record({ functionCode: fc.constant(0x07), status: byte })),
  [FunctionCode.Diagnostics, echo(diagnostics)],
  bare(0x0b, fc.record({ functionCode: fc.constant(0x0b), status: word, eventCount: word })),
  bare(
    0x0c,
    fc.record({
      functionCode: fc.constant(0x0c),
      status: word,
      eventCount: word,
      messageCount: word,
      events: many(byte, 64, 0),
    }),
  ),
  multipleWrites(FunctionCode.WriteMultipleCoils, fc.nat(1), 1968),
  multipleWrites(FunctionCode.WriteMultipleRegisters, word, 123),
  bare(0x11, fc.record({ functionCode: fc.constant(0x11), data: bytes(251) })),
  [FunctionCode.ReadFileRecord, fileReads],
  [
    FunctionCode.WriteFileRecord,
    echo(groups.map((list) => ({ functionCode: FunctionCode.WriteFileRecord, groups: list }))),
  ],
  [
    FunctionCode.MaskWriteRegister,
    echo(
      fc.record({
        functionCode: fc.constant(FunctionCode.MaskWriteRegister),
        address: word,
        andMask: word,
        orMask: word,
      }),
    ),
  ],
  [FunctionCode.ReadWriteMultipleRegisters, readWrites],
  [
    FunctionCode.ReadFifoQueue,
    fc.record({ address: word, values: many(word, 31, 0) }).map(({ address, values }) => ({
      request: { functionCode: FunctionCode.ReadFifoQueue, address },
      reply: { functionCode: FunctionCode.ReadFifoQueue, address, values },
    })),
  ],
  [FunctionCode.EncapsulatedInterfaceTransport, fc.oneof(identification, echo(rawInterface))],
]);
