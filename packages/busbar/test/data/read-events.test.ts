import { type ReadEvent, Unit } from 'busbar';
import { expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { ask, serve } from '../helpers/served.js';

const createUnit = () =>
  new Unit({
    id: 1,
    coils: [{ start: 0, count: 16 }],
    discreteInputs: [{ start: 0, count: 16 }],
    holdingRegisters: [{ start: 0, values: [20, 21, 22] }],
    inputRegisters: { ranges: [{ start: 0, count: 10 }], read: ({ quantity }) => new Uint16Array(quantity) },
  });

async function serveUnit() {
  const unit = createUnit();
  const { connect, server } = await serve({ units: [unit] });
  return { unit, server, reads: record(unit, 'read'), client: await connect() };
}

const READS: readonly [request: string, event: Partial<ReadEvent>][] = [
  ['fc:01 start:0003 quantity:0005', { table: 'coils', address: 3, quantity: 5 }],
  ['fc:02 start:0000 quantity:0010', { table: 'discreteInputs', address: 0, quantity: 16 }],
  ['fc:03 start:0001 quantity:0002', { table: 'holdingRegisters', address: 1, quantity: 2 }],
  ['fc:04 start:0009 quantity:0001', { table: 'inputRegisters', address: 9, quantity: 1 }],
  [
    'fc:17 read:0000 quantity:0002 write:0002 quantity:0001 bytes:02 values:0009',
    { table: 'holdingRegisters', address: 0, quantity: 2 },
  ],
];

test.each(READS)('a unit tells of %s', async (request, event) => {
  const { unit, reads, client } = await serveUnit();
  await ask(client, 1, request);
  expect(reads.all).toEqual([
    { ...event, unit, peer: expect.objectContaining({ transport: 'tcp', address: '127.0.0.1' }) },
  ]);
});

test.each([
  'fc:03 start:0001 quantity:0003',
  'fc:03 start:0000 quantity:0000',
  'fc:06 address:0000 value:0001',
  'fc:07',
])('a unit tells nothing of %s, which reads no table', async (request) => {
  const { reads, client } = await serveUnit();
  await ask(client, 1, request);
  expect(reads.all).toEqual([]);
});

test('a listener can still set the values that are read', async () => {
  const { unit, client } = await serveUnit();
  unit.on('read', ({ address }) => unit.holdingRegisters.set(address, 0x1234));
  expect(await ask(client, 1, 'fc:03 start:0001 quantity:0002')).toBe('030412340016');
});

test('a listener that throws does no harm', async () => {
  const { unit, server, client } = await serveUnit();
  const errors = record(server, 'error');
  unit.on('read', () => {
    throw new Error('broken');
  });
  expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe('03020014');
  expect(errors.all).toEqual([expect.objectContaining({ code: 'HANDLER_FAILED' })]);
});
