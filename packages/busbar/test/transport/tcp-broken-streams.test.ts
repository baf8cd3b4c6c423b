import { ConnectionError } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

const REQUEST = frame(0x1234, 1, readRegister(7));

/** Bytes that end a connection: what follows them can't be trusted. */
const FATAL: [title: string, bytes: string][] = [
  ['length 0', 'transaction:0001 protocol:0000 length:0000'],
  [
    'length 0 with a unit and a PDU behind',
    'transaction:0001 protocol:0000 length:0000 unit:01 fc:03 start:0000 quantity:0001',
  ],
  ['length 1: a unit id and no function code', 'transaction:0001 protocol:0000 length:0001 unit:01'],
  ['length 255 of a read', 'transaction:0001 protocol:0000 length:00FF unit:01 fc:03'],
  ['length 256 of a read, whose low byte is 0', 'transaction:0001 protocol:0000 length:0100 unit:01 fc:04'],
  [
    'length 255 of a write with another byte count',
    'transaction:0001 protocol:0000 length:00FF unit:01 fc:10 0000_007B_F6',
  ],
  [
    'length 257 of a write with another byte count',
    'transaction:0001 protocol:0000 length:0101 unit:01 fc:10 0000_007C_F8',
  ],
  [
    'length 261 of a write with that byte count',
    'transaction:0001 protocol:0000 length:0105 unit:01 fc:0F 0000_07F0_FE',
  ],
  [
    'length 262, whose low byte alone would do',
    'transaction:0001 protocol:0000 length:0106 unit:01 fc:03 start:0000 quantity:0001',
  ],
  ['length 65535', 'transaction:0001 protocol:0000 length:FFFF'],
  ['length 0 under a foreign protocol id', 'transaction:0001 protocol:0007 length:0000'],
  ['length 65535 under a foreign protocol id', 'transaction:0001 protocol:0007 length:FFFF'],
  ['an HTTP request', `rubbish:${Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')}`],
  ['a TLS client hello', 'rubbish:160301020001_0001FC03_03'],
  ['an RTU frame', 'rubbish:010300000001840A'],
  ['FF bytes', 'rubbish:FF*300'],
];

describe('a stream that cannot be trusted', () => {
  test.each(FATAL)('is closed on %s, with the reason in the disconnect event', async (_, bytes) => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const disconnected = record(server, 'disconnect');
    const [bystander, client] = [await connect(), await connect()];
    const port = client.socket.localPort;
    client.write(hex(bytes));
    expect(await client.next()).toBeUndefined();
    client.socket.end();
    const [event] = await disconnected.reached(1);
    expect(event?.peer).toMatchObject({ transport: 'tcp', address: '127.0.0.1', port });
    expect(event?.error).toBeInstanceOf(ConnectionError);
    expect(event?.error).toMatchObject({ code: 'INVALID_FRAME', message: expect.stringMatching(/length/i) });
    expect(await ask(bystander, 1, 'fc:03 start:0005 quantity:0001')).toBe(registerReply(5));
    expect(disconnected.all).toHaveLength(1);
  });

  test.each(FATAL)('has the requests ahead of %s answered and none behind', async (_, bytes) => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    client.write(
      Buffer.concat([REQUEST, REQUEST, hex(bytes), REQUEST, frame(9, 1, hex('fc:06 address:0000 value:FFFF'))]),
    );
    expect((await client.next())?.transactionId).toBe(0x1234);
    expect((await client.next())?.transactionId).toBe(0x1234);
    expect(await client.next()).toBeUndefined();
    expect(await ask(await connect(), 1, 'fc:03 start:0000 quantity:0001')).toBe(registerReply(0));
  });

  test('is closed as soon as its length has come, cut at any byte', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const disconnected = record(server, 'disconnect');
    const header = hex('transaction:0001 protocol:0000 length:0105');
    for (let cut = 1; cut < header.length; cut++) {
      const client = await connect();
      client.write(Buffer.concat([REQUEST, header.subarray(0, cut)]));
      expect((await client.next())?.transactionId).toBe(0x1234);
      client.write(header.subarray(cut));
      expect(await client.next()).toBeUndefined();
      client.socket.end();
      await disconnected.reached(cut);
    }
  });

  test('is closed at the latest when its time to close has passed, though the client keeps it open and sends on', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()], limits: { closeTimeout: 20 } });
    const disconnected = record(server, 'disconnect');
    const client = await connect();
    client.write(hex('transaction:0001 protocol:0000 length:0000'));
    expect(await client.next()).toBeUndefined();
    client.write(Buffer.alloc(100_000));
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'INVALID_FRAME' });
    expect(server.connections).toBe(0);
  });
});

describe('a half-closed connection', () => {
  test('gets all its replies, then the end', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const disconnected = record(server, 'disconnect');
    const client = await connect();
    client.socket.end(
      Buffer.concat(Array.from({ length: 300 }, (_, index) => frame(index, 1, readRegister(index % 100)))),
    );
    for (let index = 0; index < 300; index++) {
      const reply = await client.next();
      expect([reply?.transactionId, reply && toHex(reply.pdu)]).toEqual([index, registerReply(index % 100)]);
    }
    expect(await client.next()).toBeUndefined();
    const [event] = await disconnected.reached(1);
    expect(event?.error).toBeUndefined();
  });

  test('gets the replies to its complete requests, though the last one is cut off', async () => {
    for (let cut = 0; cut < REQUEST.length; cut++) {
      const { connect } = await serve({ units: [createCountingUnit()] });
      const client = await connect();
      client.socket.end(Buffer.concat([REQUEST, REQUEST.subarray(0, cut)]));
      expect((await client.next())?.transactionId).toBe(0x1234);
      expect(await client.next()).toBeUndefined();
    }
  });

  test('that sent nothing is ended', async () => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    client.socket.end();
    expect(await client.next()).toBeUndefined();
  });
});

describe('a connection that is reset', () => {
  test('in the middle of a frame disturbs nobody', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const disconnected = record(server, 'disconnect');
    const bystander = await connect();
    for (let cut = 1; cut < REQUEST.length; cut++) {
      const client = await connect();
      client.write(Buffer.concat([REQUEST, REQUEST.subarray(0, cut)]));
      await client.next();
      await client.reset();
      await disconnected.reached(cut);
      expect(await ask(bystander, 1, 'fc:03 start:0005 quantity:0001')).toBe(registerReply(5));
    }
    expect(disconnected.all).toHaveLength(REQUEST.length - 1);
  });

  test('with replies on their way disturbs nobody', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const disconnected = record(server, 'disconnect');
    const bystander = await connect();
    const client = await connect();
    const many = Buffer.concat(Array.from({ length: 2000 }, () => REQUEST));
    client.write(many);
    await client.next();
    await client.reset();
    await disconnected.reached(1);
    expect(await ask(bystander, 1, 'fc:03 start:0005 quantity:0001')).toBe(registerReply(5));
  });
});
