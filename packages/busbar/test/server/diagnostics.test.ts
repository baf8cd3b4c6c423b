import { connect, type Socket } from 'node:net';
import { type DiagnosticEvent, type FunctionRule, ModbusStreamServer, type TcpServerOptions, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, test } from 'vitest';
import { createRecorder, record } from '../helpers/events.js';
import { hex } from '../helpers/hex.js';
import { asciiClient, LineClient } from '../helpers/line-client.js';
import { ask, createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

const READ = 'fc:03 start:0007 quantity:0001';
const READ_REPLY = '03020007';
const LISTEN_ONLY = 'fc:08 subFunction:0004 data:0000';

const actions = (events: readonly DiagnosticEvent[]) =>
  events.map(({ action, subFunction, data, unit, unitId }) => [action, subFunction, data, unit.id, unitId]);

describe('diagnostics that change something', () => {
  const options = (): TcpServerOptions => ({
    units: [createCountingUnit(), createCountingUnit(2)],
    diagnostics: 'all',
  });

  test('are an event and counted, once each and only if they were carried out', async () => {
    const { server, connect } = await serve(options());
    const told = record(server, 'diagnostic');
    const client = await connect();
    for (const request of ['0A 0000', '14 0000', '03 2300', '01 FF00', '0A 0001', '02 0000', '0B 0000', '00 1234']) {
      await ask(client, 1, `fc:08 subFunction:00 ${request}`);
    }
    client.send(0, hex(LISTEN_ONLY));
    client.send(1, hex('fc:08 subFunction:0001 data:0000'));
    await ask(client, 1, READ);
    expect(actions(told.all)).toEqual([
      ['clearCounters', 0x0a, 0, 1, 1],
      ['clearOverruns', 0x14, 0, 1, 1],
      ['changeDelimiter', 0x03, 0x2300, 1, 1],
      ['restart', 0x01, 0xff00, 1, 1],
      ['listenOnly', 0x04, 0, 1, 0],
      ['restart', 0x01, 0, 1, 1],
    ]);
    expect(told.all[0]).toMatchObject({ functionCode: 8, peer: { transport: 'tcp', address: '127.0.0.1' } });
    expect(server.counters.diagnosticActions).toBe(6);
  });

  test('are told of before the client is answered, and a listener that throws does no harm', async () => {
    const { server, connect } = await serve(options());
    const errors = record(server, 'error');
    server.on('diagnostic', () => {
      throw new Error('the listener');
    });
    expect(await ask(await connect(), 1, 'fc:08 subFunction:000A data:0000')).toBe('08000A0000');
    expect(errors.all.map(({ message }) => message)).toEqual(['the listener']);
  });

  test('may put a unit into listen-only mode, which the program sees and ends', async () => {
    const { server, connect } = await serve(options());
    const [first, second] = await Promise.all([connect(), connect()]);
    const told = record(server, 'diagnostic');
    first.send(1, hex(LISTEN_ONLY));
    const [{ unit }] = await told.reached(1);
    expect(server.listenOnly).toEqual([unit]);
    second.send(1, readRegister(7));
    expect(await ask(second, 2, READ)).toBe(READ_REPLY);
    server.endListenOnly(unit);
    expect(server.listenOnly).toEqual([]);
    expect(await ask(second, 1, READ)).toBe(READ_REPLY);
    expect(unit.counters.messages).toBe(3);
  });

  test('end listen-only mode of all units at once, or of one alone', async () => {
    const { server, connect } = await serve(options());
    const client = await connect();
    for (const id of [1, 2]) client.send(id, hex(LISTEN_ONLY));
    await record(server, 'diagnostic').reached(2);
    const [one, two] = server.listenOnly;
    server.endListenOnly(one);
    expect(server.listenOnly).toEqual([two]);
    server.endListenOnly();
    expect(server.listenOnly).toEqual([]);
    expect(await ask(client, 2, READ)).toBe(READ_REPLY);
  });

  test('are left to a custom function that takes their place, whatever the policy', async () => {
    const custom = { code: 8, subFunction: 4, execute: () => [1, 2] };
    const { connect } = await serve({ units: [createCountingUnit()], customFunctions: [custom] });
    expect(await ask(await connect(), 1, LISTEN_ONLY)).toBe('0800040102');
  });
});

describe('a changed ASCII delimiter', () => {
  const CHANGE = hex('fc:08 subFunction:0003 data:2300');

  function client(socket: ReturnType<typeof createConnectionPair>[0] | Socket): LineClient {
    return new LineClient(socket, { framing: asciiClient(), close: async () => void socket.destroy() });
  }

  async function readAs(peer: LineClient): Promise<string> {
    return Buffer.from(await peer.request(1, readRegister(7))).toString('hex');
  }

  test('is for the connection that asked for it, over TCP', async () => {
    const options: TcpServerOptions = { units: [createCountingUnit()], framing: 'ascii', diagnostics: 'all' };
    const { port, server } = await serve(options);
    const [changed, other] = [client(connect(port, '127.0.0.1')), client(connect(port, '127.0.0.1'))];
    expect(await readAs(other)).toBe(registerReply(7));
    await changed.request(1, CHANGE);
    for (const peer of [changed, other, client(connect(port, '127.0.0.1'))]) {
      expect(await readAs(peer)).toBe(registerReply(7));
      await peer.close();
    }
    expect(server.counters.communicationErrors).toBe(0);
  });

  test('ends replies on that connection, and on no other', async () => {
    const options = { units: [createCountingUnit()], framing: 'ascii', diagnostics: 'all' } as const;
    const server = await new ModbusStreamServer(options).listen();
    const received = createRecorder<string>();
    const open = () => {
      const [here, there] = createConnectionPair();
      server.accept(there);
      here.on('data', (chunk) => received.record(String(chunk)));
      return here;
    };
    const [changed, other] = [open(), open()];
    changed.write(':010800032300D1\r\n');
    await received.reached(1);
    changed.write(':010300070001F4\r#');
    await received.reached(2);
    other.write(':010300070001F4\r\n');
    expect(await received.reached(3)).toEqual([':010800032300D1\r\n', ':0103020007F3\r#', ':0103020007F3\r\n']);
    await server.shutdown();
  });
});

describe('functions that are allowed by their sub-functions', () => {
  const ECHO = 'fc:08 subFunction:0000 data:1234';
  const IDENTIFY = 'fc:2B mei:0E code:04 object:00';
  const identity = { vendorName: 'A', productCode: 'B', majorMinorRevision: '1' };

  /** Rules, requests, and whether they are answered with something else than 01. */
  const CASES: [title: string, functions: FunctionRule[], allowed: string[], refused: string[]][] = [
    ['only those are', ['08/00', '08/0D'], [ECHO, 'fc:08 000D 0000'], ['fc:08 000C 0000', 'fc:08', 'fc:08 00', READ]],
    ['their digits are hexadecimal, however many', ['8/b', '08/000C'], ['fc:08 000B 0000', 'fc:08 000C 0000'], [ECHO]],
    ['a number allows the whole function', [8, '08/00'], [ECHO, 'fc:08 000D 0000'], [READ]],
    ['the encapsulated interface has them, too', ['2B/0e', 3], [IDENTIFY, READ], ['fc:2B mei:0D', 'fc:2B', ECHO]],
    ['custom functions have them, too', ['41/07'], ['fc:41 07', 'fc:41 07FF'], ['fc:41 08', 'fc:41', 'fc:42 07']],
  ];
  const customFunctions = [0x41, 0x42].map((code) => ({ code, execute: () => [1] }));

  async function expectAnswers(options: TcpServerOptions, allowed: string[], refused: string[]): Promise<void> {
    const { connect } = await serve({ ...options, customFunctions });
    const client = await connect();
    for (const request of allowed) expect(await ask(client, 1, request), request).not.toMatch(/^[89A-F].01$/);
    for (const request of refused) expect(await ask(client, 1, request), request).toMatch(/^[89A-F].01$/);
  }

  test.each(CASES)('on a server: %s', (_, functions, allowed, refused) => {
    const unit = new Unit({ id: 1, identity, holdingRegisters: [{ start: 0, count: 10 }] });
    return expectAnswers({ units: [unit], functions }, allowed, refused);
  });

  test.each(CASES)('of a unit: %s', (_, functions, allowed, refused) => {
    const unit = new Unit({ id: 1, identity, holdingRegisters: [{ start: 0, count: 10 }], access: { functions } });
    return expectAnswers({ units: [unit] }, allowed, refused);
  });

  test('must be allowed by the server and by the unit', () => {
    const unit = new Unit({ id: 1, access: { functions: [8, 3] } });
    return expectAnswers({ units: [unit], functions: ['08/00', 11] }, [ECHO], ['fc:08 000D 0000', READ, 'fc:0B']);
  });

  test('do not widen the policy of the server', () => {
    const functions: FunctionRule[] = ['08/0A', '08/00'];
    return expectAnswers({ units: [createCountingUnit()], functions }, [ECHO], ['fc:08 000A 0000']);
  });
});
