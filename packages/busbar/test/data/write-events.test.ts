import { type CoilWriteEvent, type FileWriteEvent, type RegisterWriteEvent, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { ask, registerReply, serve } from '../helpers/served.js';

function createUnit(): Unit {
  return new Unit({
    id: 1,
    coils: [{ start: 0, values: [true, false, true, false] }],
    holdingRegisters: [{ start: 0, values: [10, 11, 12, 13] }],
    files: [{ number: 4, start: 0, values: [1, 2, 3] }],
  });
}

type Announced = Omit<CoilWriteEvent, 'unit' | 'peer'> | Omit<RegisterWriteEvent, 'unit' | 'peer'>;

/** A client's request, and the event that it makes. */
const WRITES: [title: string, request: string, event: Announced][] = [
  ['05', 'fc:05 address:0001 value:FF00', { table: 'coils', address: 1, values: [true], previous: [false] }],
  [
    '0F',
    'fc:0F start:0001 quantity:0003 byteCount:01 coils:01',
    { table: 'coils', address: 1, values: [true, false, false], previous: [false, true, false] },
  ],
  ['06', 'fc:06 address:0002 value:FFFF', { table: 'holdingRegisters', address: 2, values: [65535], previous: [12] }],
  [
    '10',
    'fc:10 start:0001 quantity:0002 byteCount:04 values:0001_0002',
    { table: 'holdingRegisters', address: 1, values: [1, 2], previous: [11, 12] },
  ],
  ['16', 'fc:16 address:0003 and:00F0 or:0005', { table: 'holdingRegisters', address: 3, values: [5], previous: [13] }],
  [
    '17',
    'fc:17 readStart:0000 readQuantity:0001 writeStart:0002 writeQuantity:0001 byteCount:02 values:0007',
    { table: 'holdingRegisters', address: 2, values: [7], previous: [12] },
  ],
  [
    '06 with the value that is there',
    'fc:06 address:0002 value:000C',
    { table: 'holdingRegisters', address: 2, values: [12], previous: [12] },
  ],
];

const NO_WRITES = [
  'fc:03 start:0000 quantity:0004',
  'fc:05 address:0001 value:0001',
  'fc:05 address:0004 value:FF00',
  'fc:06 address:0004 value:0000',
  'fc:10 start:0003 quantity:0002 byteCount:04 values:0001_0002',
  'fc:10 start:0001 quantity:0002 byteCount:04 values:0001_00',
  'fc:16 address:0004 and:0000 or:0000',
  'fc:17 readStart:0003 readQuantity:0002 writeStart:0002 writeQuantity:0001 byteCount:02 values:0007',
  'fc:15 dataLength:0B type:06 file:0004 record:0002 length:0002 values:0001_0002',
];

describe('write events', () => {
  test.each(WRITES)(
    'function %s tells table, address, values, previous values, unit and client',
    async (_, request, event) => {
      const unit = createUnit();
      const written = record(unit, 'write');
      const { connect } = await serve({ units: [unit] });
      const client = await connect();
      const port = client.socket.localPort;
      await ask(client, 1, request);
      expect(written.all).toEqual([
        { ...event, unit, peer: expect.objectContaining({ transport: 'tcp', address: '127.0.0.1', port }) },
      ]);
    },
  );

  test('have values of the kind that their table has', async () => {
    const unit = createUnit();
    const on: boolean[] = [];
    const levels: number[] = [];
    unit.on('write', (event) => {
      // The assignments are the test: they are type-checked.
      if (event.table === 'coils') on.push(...event.previous, ...event.values);
      else levels.push(...event.previous, ...event.values);
    });
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    await ask(client, 1, 'fc:05 address:0001 value:FF00');
    await ask(client, 1, 'fc:06 address:0002 value:0007');
    expect({ on, levels }).toEqual({ on: [false, true], levels: [12, 7] });
  });

  test('come before the client is answered, when the values are in place', async () => {
    const unit = createUnit();
    const seen: number[] = [];
    unit.on('write', () => {
      seen.push(unit.holdingRegisters.get(2));
      unit.holdingRegisters.set(0, 77);
    });
    const { connect } = await serve({ units: [unit] });
    const request =
      'fc:17 readStart:0000 readQuantity:0001 writeStart:0002 writeQuantity:0001 byteCount:02 values:0007';
    expect(await ask(await connect(), 1, request)).toBe('1702004D');
    expect(seen).toEqual([7]);
  });

  test('come neither for reads and refused writes nor for what the program sets itself', async () => {
    const unit = createUnit();
    const written = record(unit, 'write');
    const filed = record(unit, 'fileWrite');
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    for (const request of NO_WRITES) await ask(client, 1, request);
    unit.holdingRegisters.set(0, 1);
    unit.coils.set(0, [false, true]);
    unit.files.get(4)?.set(0, 5);
    expect([...written.all, ...filed.all]).toEqual([]);
  });

  test('tell of a unit id 0 or 255 the unit that it led to', async () => {
    const unit = createUnit();
    const written = record(unit, 'write');
    const { connect } = await serve({ units: [unit] });
    await ask(await connect(), 255, 'fc:06 address:0002 value:0001');
    expect(written.all[0]?.unit).toBe(unit);
  });

  test('from a listener that throws name the range of the request, unless it has two', async () => {
    const unit = createUnit();
    unit.on('write', () => {
      throw new Error('listener is broken');
    });
    const { server, connect } = await serve({ units: [unit] });
    const errors = record(server, 'error');
    const client = await connect();
    await ask(client, 1, 'fc:16 address:0002 and:FFFF or:0001');
    await ask(client, 1, 'fc:17 read:0000 quantity:0002 write:0002 quantity:0001 bytes:02 values:0009');
    expect(errors.all).toEqual([
      expect.objectContaining({ functionCode: 0x16, address: 2, quantity: 1 }),
      expect.objectContaining({ functionCode: 0x17, address: undefined, quantity: undefined }),
    ]);
  });

  test('from a listener that throws leave the client its reply, and are an error event of the server', async () => {
    const unit = createUnit();
    unit.on('write', () => {
      throw new Error('listener is broken');
    });
    const { server, connect } = await serve({ units: [unit] });
    const errors = record(server, 'error');
    const client = await connect();
    expect(await ask(client, 1, 'fc:06 address:0002 value:0001')).toBe('0600020001');
    expect(await ask(client, 1, 'fc:03 start:0002 quantity:0001')).toBe(registerReply(1));
    expect(errors.all[0]?.message).toContain('listener is broken');
  });

  test('may close or shut down the server from within', async () => {
    for (const end of ['close', 'shutdown'] as const) {
      const unit = createUnit();
      const { server, connect } = await serve({ units: [unit] });
      unit.on('write', () => server[end]());
      const client = await connect();
      client.send(1, Uint8Array.of(6, 0, 2, 0, 1));
      client.send(1, Uint8Array.of(6, 0, 3, 0, 1));
      const reply = await client.next();
      if (end === 'close') expect(reply?.pdu).toEqual(Uint8Array.of(6, 0, 2, 0, 1));
      while ((await client.next()) !== undefined);
      expect(unit.holdingRegisters.get(2)).toBe(1);
    }
  });
});

describe('file write events', () => {
  test('tell file, record, values, previous values, unit and client, group by group', async () => {
    const unit = createUnit();
    const written = record(unit, 'fileWrite');
    const { connect } = await serve({ units: [unit] });
    const request =
      'fc:15 dataLength:14 type:06 file:0004 record:0000 length:0002 values:000A_000B type:06 file:0004 record:0002 length:0001 values:000C';
    await ask(await connect(), 1, request);
    const peer = expect.objectContaining({ transport: 'tcp' });
    expect(written.all).toEqual([
      { unit, peer, file: 4, record: 0, values: [10, 11], previous: [1, 2] },
      { unit, peer, file: 4, record: 2, values: [12], previous: [3] },
    ]);
  });

  test('come when all groups of the request are in place', async () => {
    const unit = createUnit();
    const seen: number[][] = [];
    unit.on('fileWrite', ({ file }: FileWriteEvent) => seen.push(unit.files.get(file)?.getRange(0, 3) ?? []));
    const { connect } = await serve({ units: [unit] });
    const request =
      'fc:15 dataLength:12 type:06 file:0004 record:0000 length:0001 values:000A type:06 file:0004 record:0002 length:0001 values:000C';
    await ask(await connect(), 1, request);
    expect(seen).toEqual([
      [10, 2, 12],
      [10, 2, 12],
    ]);
  });
});
