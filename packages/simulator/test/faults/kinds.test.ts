import { type FaultOptions, Faults } from 'busbar-simulator';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../../busbar/test/helpers/hex.js';
import {
  encodeRaw,
  type FramingName,
  type RawServed,
  servePty,
  serveTcp,
} from '../../../busbar/test/helpers/raw-wires.js';
import { createCountingUnit } from '../../../busbar/test/helpers/served.js';

type Serve = (options: Parameters<typeof serveTcp>[0]) => Promise<RawServed>;

const WIRES: [name: string, framing: FramingName, serve: Serve][] = [
  ['TCP', 'mbap', (options) => serveTcp(options)],
  ['RTU over TCP', 'rtu', (options) => serveTcp(options, 'rtu')],
  ['ASCII over TCP', 'ascii', (options) => serveTcp(options, 'ascii')],
  ['RTU on a serial line', 'rtu', (options) => servePty(options, 'rtu')],
  ['ASCII on a serial line', 'ascii', (options) => servePty(options, 'ascii')],
];

/** The reply to a read of register 5, changed in places. */
interface Reply {
  transactionId?: number;
  unit?: number;
  pdu?: string;
}

const reply = (framing: FramingName, { pdu = 'fc:03 bytes:02 value:0005', ...more }: Reply = {}) =>
  toHex(encodeRaw(framing, { ...more, pdu: hex(pdu) }));

/** What a fault makes of the reply, as the client sees it. */
const SEEN: [FaultOptions & { name: string }, (framing: FramingName) => string][] = [
  [{ name: 'an exception', exception: 6 }, (framing) => reply(framing, { pdu: 'fc:83 code:06' })],
  [
    { name: 'an exception of a code of its own', exception: 255 },
    (framing) => reply(framing, { pdu: 'fc:83 code:FF' }),
  ],
  [{ name: 'the next function code', wrongFunction: true }, (framing) => reply(framing, { pdu: '04 02 0005' })],
  [{ name: 'another function code', wrongFunction: 66 }, (framing) => reply(framing, { pdu: '42 02 0005' })],
  [{ name: 'the next unit id', wrongUnit: true }, (framing) => reply(framing, { unit: 2 })],
  [{ name: 'another unit id', wrongUnit: 247 }, (framing) => reply(framing, { unit: 247 })],
  [{ name: 'bytes missing', truncate: 3 }, (framing) => reply(framing).slice(0, -6)],
  [{ name: 'bytes behind it', extra: 'DE AD' }, (framing) => `${reply(framing)}DEAD`],
  [{ name: 'bytes ahead of it', garbage: 'ffff00' }, (framing) => `FFFF00${reply(framing)}`],
  [{ name: 'a delay', delay: '5ms' }, reply],
  [{ name: 'a delay of a range', delay: '1ms..5ms' }, reply],
  [{ name: 'a pause in the middle', split: '5ms' }, reply],
  [{ name: 'a pause behind the third byte', split: { after: 3, pause: '5ms' } }, reply],
  [{ name: 'the same once more', duplicate: true }, (framing) => reply(framing).repeat(2)],
  [
    { name: 'several kinds', exception: 4, wrongUnit: 9, truncate: 1, garbage: '00', extra: 'FF', duplicate: true },
    (framing) => `00${reply(framing, { unit: 9, pdu: 'fc:83 code:04' }).slice(0, -2)}FF`.repeat(2),
  ],
];

describe.each(WIRES)('over %s', (_name, framing, serve) => {
  const request = encodeRaw(framing, { pdu: hex('fc:03 start:0005 quantity:0001') });

  async function serveWith(...list: FaultOptions[]) {
    const faults = new Faults(list);
    const { server, connect } = await serve({ units: [createCountingUnit()], handler: faults.handler() });
    return { faults, server, client: await connect() };
  }

  test.each(SEEN)('the client gets $name', async (fault, seen) => {
    const { client } = await serveWith(fault);
    client.write(request);
    const expected = seen(framing);
    expect(await client.take(expected.length / 2)).toBe(expected);
  });

  test('random bytes ahead and behind are as many as asked for', async () => {
    const { client } = await serveWith({ name: 'noise', garbage: 3, extra: 2 });
    client.write(request);
    const expected = reply(framing);
    expect((await client.take(5 + expected.length / 2)).slice(6, -4)).toBe(expected);
  });

  test('a reply that is kept back leaves the next one first', async () => {
    const { client, faults } = await serveWith({ name: 'silent', silence: true, times: 1 });
    client.write(request);
    await expect.poll(() => faults.get('silent')?.injected).toBe(1);
    client.write(encodeRaw(framing, { pdu: hex('fc:03 start:0009 quantity:0001') }));
    const expected = reply(framing, { pdu: 'fc:03 bytes:02 value:0009' });
    expect(await client.take(expected.length / 2)).toBe(expected);
  });

  test('the reply before comes in place of this one, and the first is left alone', async () => {
    const { client, faults } = await serveWith({ name: 'stale', stale: true, every: 2 });
    const expected = reply(framing);
    for (let i = 0; i < 2; i++) {
      client.write(request);
      expect(await client.take(expected.length / 2)).toBe(expected);
    }
    expect(faults.get('stale')?.injected).toBe(0);
    client.write(encodeRaw(framing, { pdu: hex('fc:03 start:0009 quantity:0001') }));
    expect(await client.take(expected.length / 2)).toBe(expected);
    expect(faults.get('stale')?.injected).toBe(1);
  });

  test('exceptions of the unit itself are hit, too', async () => {
    const { client } = await serveWith({ name: 'garbage', garbage: 'AA' });
    client.write(encodeRaw(framing, { pdu: hex('fc:03 start:0063 quantity:0002') }));
    const expected = `AA${reply(framing, { pdu: 'fc:83 code:02' })}`;
    expect(await client.take(expected.length / 2)).toBe(expected);
  });
});

const BAD: [name: string, serve: Serve, framing: FramingName, seen: string][] = [
  ['RTU over TCP', WIRES[1][2], 'rtu', '0103020005 78 B8'],
  ['RTU on a serial line', WIRES[3][2], 'rtu', '0103020005 78 B8'],
  ['ASCII over TCP', WIRES[2][2], 'ascii', '3A30313033303230303035 46 36 0D0A'],
  ['ASCII on a serial line', WIRES[4][2], 'ascii', '3A30313033303230303035 46 36 0D0A'],
];

test.each(BAD)(
  'a bad checksum over %s differs from the good one in its last byte',
  async (_name, serve, framing, seen) => {
    const faults = new Faults([{ name: 'bad', badChecksum: true }]);
    const { connect } = await serve({ units: [createCountingUnit()], handler: faults.handler() });
    const client = await connect();
    client.write(encodeRaw(framing, { pdu: hex('fc:03 start:0005 quantity:0001') }));
    const expected = seen.replaceAll(' ', '');
    expect(await client.take(expected.length / 2)).toBe(expected);
    const checked = framing === 'rtu' ? reply(framing).slice(-4) : reply(framing).slice(-8, -4);
    expect(expected).not.toContain(checked);
  },
);

describe('what a framing does not have is no fault of it:', () => {
  const cases: [string, FramingName, FaultOptions][] = [
    ['no checksum of MBAP', 'mbap', { name: 'none', badChecksum: true, times: 1 }],
    ['no transaction of RTU', 'rtu', { name: 'none', wrongTransaction: true, times: 1 }],
    ['no transaction of ASCII', 'ascii', { name: 'none', wrongTransaction: true, times: 1 }],
  ];
  test.each(cases)('%s', async (_title, framing, fault) => {
    const faults = new Faults([fault]);
    const { connect } = await serveTcp({ units: [createCountingUnit()], handler: faults.handler() }, framing);
    const client = await connect();
    client.write(encodeRaw(framing, { pdu: hex('fc:03 start:0005 quantity:0001') }));
    const expected = reply(framing);
    expect(await client.take(expected.length / 2)).toBe(expected);
    expect(faults.get('none')).toMatchObject({ injected: 0, active: true });
  });
});

test.each([
  [true, 2],
  [0, 0],
  [0xffff, 0xffff],
])('a transaction id of MBAP may be wrong: %s', async (wrongTransaction, transactionId) => {
  const faults = new Faults([{ name: 'id', wrongTransaction: wrongTransaction as true }]);
  const { connect } = await serveTcp({ units: [createCountingUnit()], handler: faults.handler() });
  const client = await connect();
  client.write(encodeRaw('mbap', { pdu: hex('fc:03 start:0005 quantity:0001') }));
  expect(await client.take(11)).toBe(reply('mbap', { transactionId }));
});

describe('a connection is closed', () => {
  const frame = reply('mbap');
  const cases: [FaultOptions['close'], string][] = [
    ['before', ''],
    ['amid', frame.slice(0, 10)],
    ['after', frame],
  ];
  test.each(cases)('%s the reply', async (close, seen) => {
    const faults = new Faults([{ name: 'close', close, delay: '2ms' }]);
    const { connect } = await serveTcp({ units: [createCountingUnit()], handler: faults.handler() });
    const client = await connect();
    client.write(encodeRaw('mbap', { pdu: hex('fc:03 start:0005 quantity:0001') }));
    expect(await client.take()).toBe(seen);
  });

  test('but no serial line: what would follow is missing', async () => {
    const faults = new Faults([{ name: 'close', close: 'amid', times: 1 }]);
    const { server, connect } = await servePty({ units: [createCountingUnit()], handler: faults.handler() });
    const client = await connect();
    const request = encodeRaw('rtu', { pdu: hex('fc:03 start:0005 quantity:0001') });
    client.write(request);
    expect(await client.take(3)).toBe('010302');
    client.write(request);
    expect(await client.take(7)).toBe(reply('rtu'));
    expect(server.listening).toBe(true);
  });
});

test('a request that gets an exception is not carried out; one that gets no reply is', async () => {
  const unit = createCountingUnit();
  const faults = new Faults([
    { name: 'busy', functions: [6], exception: 6, times: 1 },
    { name: 'silent', functions: [6], silence: true, active: false },
  ]);
  const { connect } = await serveTcp({ units: [unit], handler: faults.handler() });
  const client = await connect();
  const write = encodeRaw('mbap', { pdu: hex('fc:06 address:0005 value:0099') });
  client.write(write);
  expect(await client.take(9)).toBe(reply('mbap', { pdu: 'fc:86 code:06' }));
  expect(unit.holdingRegisters.get(5)).toBe(5);
  faults.switch('silent', true);
  client.write(write);
  await expect.poll(() => unit.holdingRegisters.get(5)).toBe(0x99);
});
