import {
  type CustomFunction,
  ModbusException,
  ModbusStreamServer,
  type TcpServerOptions,
  Unit,
  type UnitOptions,
} from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGate, createRecorder, record, turns } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';
import { MemoryStore } from './memory-store.js';
import { DEVICE, keepIn, serveKept } from './storing.js';

/** Never answers. */
const SILENT: CustomFunction = { code: 0x41, execute: () => new Promise(() => {}) };

/** Sets register 0 to 5. */
const SET: CustomFunction = {
  code: 0x41,
  execute(_, { unit }) {
    unit.holdingRegisters.set(0, 5);
    return [];
  },
};

describe('a durable write', () => {
  it('is answered when it is on disk, and read by others before', async () => {
    const store = new MemoryStore();
    const { connect } = await serveKept(store);
    const [writer, reader] = [await connect(), await connect()];
    store.stop();
    const reply = ask(writer, 1, 'fc:06 address:0005 value:1234');
    const before = store.puts.length;
    await store.begun(before + 1);
    expect(await ask(reader, 1, 'fc:03 start:0005 quantity:0001')).toBe('03021234');
    expect(store.content.has('1/holdingRegisters/0')).toBe(false);
    store.go();
    expect(await reply).toBe('0600051234');
    expect(store.content.has('1/holdingRegisters/0')).toBe(true);
  });

  it('shares a batch with those that come while another is under way, and each client gets its own reply', async () => {
    const store = new MemoryStore();
    const { connect } = await serveKept(store);
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect()));
    const before = store.puts.length;
    store.stop();
    const first = ask(clients[0], 1, 'fc:06 address:0000 value:0001');
    await store.begun(before + 1);
    const others = clients
      .slice(1)
      .map((client, i) => ask(client, 1, `fc:06 address:00${(i + 1).toString(16).padStart(2, '0')} value:0002`));
    // All have taken effect: the next batch has them.
    const reader = await connect();
    while ((await ask(reader, 1, 'fc:03 start:0001 quantity:0013')) !== `0326${'0002'.repeat(19)}`);
    store.go();
    expect(await first).toBe('0600000001');
    expect(new Set(await Promise.all(others)).size).toBe(19);
    expect(store.puts.length).toBe(before + 2);
  });

  it('leaves in one piece with the replies to others of its connection that were in its batch', async () => {
    const { unit } = await keepIn(new MemoryStore());
    const server = await new ModbusStreamServer({ units: [unit] }).listen();
    onTestFinished(() => server.shutdown());
    const [client, end] = createConnectionPair();
    server.accept(end);
    const pieces = createRecorder<Buffer>();
    client.on('data', (piece) => pieces.record(piece));
    // Function 06, which is answered with the request.
    const requests = Buffer.concat(Array.from({ length: 4 }, (_, i) => frame(i, 1, Uint8Array.of(6, 0, i, 0, 1))));
    client.write(requests);
    const [replies = Buffer.of()] = await pieces.reached(1);
    expect(toHex(replies)).toBe(toHex(requests));
  });

  it('goes with all its registers, on all its pages, in one batch', async () => {
    const store = new MemoryStore();
    const { connect } = await serveKept(store);
    const before = store.puts.length;
    await ask(await connect(), 1, `fc:10 start:007C quantity:0008 bytes:10 ${'ABCD'.repeat(8)}`);
    expect(store.puts.slice(before)).toEqual([['1/holdingRegisters/0', '1/holdingRegisters/1', '1/digest']]);
  });

  it('keeps the order of a connection: a read behind it waits, and reads what was written', async () => {
    const store = new MemoryStore();
    const { connect } = await serveKept(store);
    const client = await connect();
    store.stop();
    const before = store.puts.length;
    const ids = [hex('06 0005 0001'), hex('06 0005 0002'), hex('03 0005 0001')].map((pdu) => client.send(1, pdu));
    await store.begun(before + 1);
    store.go();
    const replies = [await client.next(), await client.next(), await client.next()];
    expect(replies.map((reply) => reply?.transactionId)).toEqual(ids);
    expect(replies[2]?.pdu).toEqual(hex('03 02 0002'));
  });

  it('that is refused waits for nothing', async () => {
    const store = new MemoryStore();
    const { connect } = await serveKept(store, {
      ...DEVICE,
      access: { readOnly: [{ table: 'coils', start: 0, count: 9 }] },
    });
    const client = await connect();
    store.stop();
    expect(await ask(client, 1, 'fc:05 address:0003 value:FF00')).toBe('8502');
    expect(await ask(client, 1, 'fc:06 address:FFFF value:0000')).toBe('8602');
    expect(await ask(client, 1, 'fc:10 start:0000 quantity:0000 bytes:00')).toBe('9003');
    store.go();
  });

  it.each<[string, Omit<TcpServerOptions, 'units'>]>([
    ['waits as long as the storage lets it, not as long as a handler may take', { handlerTimeout: 20 }],
    [
      'behind a hook of a request handler does not use up the time of the hook',
      { handlerTimeout: 50, handler: { execute: (_, next) => next() } },
    ],
  ])('%s', async (_, options) => {
    const store = new MemoryStore();
    const { connect, server } = await serveKept(store, DEVICE, {}, { ...options, customFunctions: [SILENT] });
    const errors = record(server, 'error');
    server.units.add(new Unit({ id: 2 }));
    store.stop();
    const before = store.puts.length;
    const reply = ask(await connect(), 1, 'fc:06 address:0005 value:1234');
    await store.begun(before + 1);
    // This one came later, and its time is over.
    expect(await ask(await connect(), 2, 'fc:41')).toBe('C104');
    store.go();
    expect(await reply).toBe('0600051234');
    expect(errors.all.filter(({ message }) => !message.includes('0x41'))).toEqual([]);
  });

  it('raises its events once, before the reply', async () => {
    const store = new MemoryStore();
    const { connect, unit } = await serveKept(store);
    const [writes, changes] = [record(unit, 'write'), record(unit, 'change')];
    await ask(await connect(), 1, 'fc:16 address:0005 and:00F0 or:0001');
    expect(writes.all.map(({ values, previous }) => ({ values, previous }))).toEqual([{ values: [1], previous: [7] }]);
    expect(changes.all.length).toBe(1);
  });

  it('of a custom function, or a block with a handler, is on disk when it is answered, too', async () => {
    const store = new MemoryStore();
    const written: number[] = [];
    const options: UnitOptions = {
      id: 1,
      holdingRegisters: [
        { start: 0, count: 10 },
        { start: 10, count: 1, read: () => [0], write: async (_, values) => void written.push(...values) },
      ],
    };
    const { connect } = await serveKept(store, options, {}, { customFunctions: [SET] });
    const client = await connect();
    expect(await ask(client, 1, 'fc:10 start:0009 quantity:0002 bytes:04 0001 0002')).toBe('1000090002');
    expect(written).toEqual([2]);
    expect(store.content.has('1/holdingRegisters/0')).toBe(true);
    store.content.delete('1/holdingRegisters/0');
    expect(await ask(client, 1, 'fc:41')).toBe('41');
    expect(store.content.has('1/holdingRegisters/0')).toBe(true);
  });
});

describe('requests beside one another', () => {
  it('a custom function that writes waits for those under way, and then has the unit alone', async () => {
    const store = new MemoryStore();
    const gate = createGate();
    const steps: string[] = [];
    const { connect, unit } = await serveKept(
      store,
      DEVICE,
      {},
      {
        customFunctions: [
          {
            code: 0x41,
            async execute() {
              steps.push('begins');
              await gate.opened;
              steps.push('ends');
              return [];
            },
          },
        ],
      },
    );
    const [one, two, three] = [await connect(), await connect(), await connect()];
    store.stop();
    const before = store.puts.length;
    const write = ask(one, 1, 'fc:06 address:0005 value:0001').then(() => steps.push('written'));
    await store.begun(before + 1);
    const custom = ask(two, 1, 'fc:41');
    await turns(20);
    expect(steps).toEqual([]);
    store.go();
    while (steps.length < 2) await turns();
    const next = ask(three, 1, 'fc:06 address:0005 value:0002');
    await turns(20);
    expect(unit.holdingRegisters.get(5)).toBe(1);
    gate.open();
    await Promise.all([write, custom, next]);
    expect(steps.sort()).toEqual(['begins', 'ends', 'written']);
    expect(unit.holdingRegisters.get(5)).toBe(2);
  });

  it('a handler may refuse, and then nothing is written', async () => {
    const store = new MemoryStore();
    const options: UnitOptions = {
      id: 1,
      coils: [
        { start: 0, count: 8 },
        {
          start: 8,
          count: 1,
          read: () => [false],
          write: () => {
            throw new ModbusException(6);
          },
        },
      ],
    };
    const { connect } = await serveKept(store, options);
    const before = store.puts.length;
    expect(await ask(await connect(), 1, 'fc:0F start:0007 quantity:0002 bytes:01 03')).toBe('8F06');
    expect(store.puts.length).toBe(before);
  });
});
