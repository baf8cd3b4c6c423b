import { type HandledRequest, ModbusException, type PduFacts, type RequestHandler, Unit } from 'busbar';
import { expect, test } from 'vitest';
import { ask, serve } from '../helpers/served.js';

const createUnit = () =>
  new Unit({ id: 1, coils: [{ start: 0, count: 16 }], holdingRegisters: [{ start: 0, count: 20 }] });

async function serveWith(handler: RequestHandler) {
  const { connect } = await serve({ units: [createUnit()], handler });
  return connect();
}

const REQUESTS: readonly [request: string, facts: object][] = [
  ['fc:03 start:0000 quantity:0002', { functionCode: 3, name: 'read holding registers', address: 0, quantity: 2 }],
  [
    'fc:10 start:0001 quantity:0002 bytes:04 values:000A_0102',
    { functionCode: 16, name: 'write multiple registers', address: 1, quantity: 2, values: [10, 258] },
  ],
  ['fc:05 address:0003 value:FF00', { functionCode: 5, name: 'write single coil', address: 3, values: [1] }],
  ['fc:41 data:0102', { functionCode: 65, name: 'function 0x41', data: Uint8Array.of(1, 2) }],
  ['fc:03 start:0000', { functionCode: 3, malformed: true }],
];

test.each(REQUESTS)('a hook is told what %s says', async (request, facts) => {
  const told: PduFacts[] = [];
  const client = await serveWith({
    execute(handled, next) {
      told.push(handled.decoded);
      return next();
    },
    send(reply, handled) {
      told.push(handled.decoded);
      return reply;
    },
  });
  await ask(client, 1, request);
  expect(told).toEqual([expect.objectContaining(facts), expect.objectContaining(facts)]);
  expect(told[1]).toBe(told[0]);
});

test('a hook can judge a request by it', async () => {
  const client = await serveWith({
    execute({ decoded: { writeAddress, address = 0, values } }, next) {
      if (values !== undefined && (writeAddress ?? address) >= 10) throw new ModbusException(3);
      return next();
    },
  });
  expect(await ask(client, 1, 'fc:06 address:0009 value:0001')).toBe('060009' + '0001');
  expect(await ask(client, 1, 'fc:06 address:000A value:0001')).toBe('8603');
  expect(await ask(client, 1, 'fc:03 address:000A quantity:0001')).toBe('03020000');
});

test.each([
  ['fc:03 start:0002 quantity:0003', [{ table: 'holdingRegisters', address: 2, quantity: 3 }]],
  [
    'fc:17 read:0000_0002 write:0005_0001 bytes:02 values:0009',
    [
      { table: 'holdingRegisters', address: 0, quantity: 2 },
      { table: 'holdingRegisters', address: 5, quantity: 1 },
    ],
  ],
  ['fc:41 data:0102', []],
  ['fc:03 start:00', []],
])('a hook is told the ranges that %s touches', async (request, ranges) => {
  const told: unknown[] = [];
  const client = await serveWith({
    execute(handled, next) {
      told.push(...handled.ranges);
      return next();
    },
  });
  await ask(client, 1, request);
  expect(told).toHaveLength(ranges.length);
  expect(new Set(told)).toEqual(new Set(ranges));
});

test('a request is decoded when it is first asked for', async () => {
  const seen: HandledRequest[] = [];
  const client = await serveWith({
    execute(request, next) {
      seen.push(request);
      return next();
    },
  });
  await ask(client, 1, 'fc:03 start:0000 quantity:0002');
  seen[0]?.pdu.set([4]);
  expect(seen[0]?.decoded.name).toBe('read input registers');
});
