import { once } from 'node:events';
import {
  ConnectionError,
  ExceptionCode,
  ModbusException,
  ModbusSerialServer,
  ModbusStreamServer,
  ModbusUdpServer,
  type RequestHandler,
  type RequestHandlerOption,
  type StreamServerOptions,
  Unit,
} from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, test } from 'vitest';
import { createGate, createRecorder, record, turns } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { never } from '../helpers/handled-unit.js';
import { hex, toHex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';

const READ = frame(1, 1, hex('fc:03 start:0000 quantity:0001'));
const WRITE = frame(2, 1, hex('fc:06 address:0000 value:0001'));
const RTU_READ = hex('unit:01 fc:03 start:0000 quantity:0001 crc:840A');

const createUnit = () => new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });

/** Serves one connection in memory. */
async function serve(handler: RequestHandlerOption, options: Partial<StreamServerOptions> = {}) {
  const server = new ModbusStreamServer({ units: [createUnit()], handler, ...options });
  const errors = record(server, 'error');
  const disconnected = record(server, 'disconnect');
  await server.listen();
  const [client, end] = createConnectionPair();
  server.accept(end);
  return { server, client: new MbapClient(client), errors, disconnected };
}

/** What the guard lets pass must be nothing: the connection ends without a reply, and the program is told why. */
async function expectRefused(
  { server, client, errors, disconnected }: Awaited<ReturnType<typeof serve>>,
  code: string,
) {
  expect(await client.next()).toBeUndefined();
  const [{ error }] = await disconnected.reached(1);
  expect(error).toMatchObject({ name: 'ConnectionError', code });
  expect(errors.all.map(({ message }) => message)).toEqual([expect.stringContaining('the request handler failed')]);
  expect(server.counters).toMatchObject({ requests: 0, connectionsDenied: 1, handlerErrors: 1 });
  await server.close();
}

const fail = () => {
  throw new Error('broken');
};
const reject = () => Promise.reject(new Error('broken'));
const refuse = () => {
  throw new ConnectionError('NOT_TODAY', 'closed for today');
};

const WRONG: [string, () => unknown][] = [
  ['throws', fail],
  ['rejects', reject],
  ['answers a promise', () => Promise.resolve(READ)],
  ['answers a number', () => 5],
  ['answers text', () => 'text'],
  ['answers what is no bytes, though it says so', () => Object.create(Uint8Array.prototype)],
];

describe('a data hook', () => {
  test.each(WRONG)('that %s lets nothing pass, and costs the connection', async (_title, data) => {
    const served = await serve({ data: data as RequestHandler['data'] });
    served.client.write(READ);
    await expectRefused(served, 'HANDLER_FAILED');
  });

  test('that fails at the second half of a request ends the connection, and what was whole before is answered', async () => {
    let chunks = 0;
    const { server, client, disconnected } = await serve({ data: () => (++chunks === 2 ? fail() : undefined) });
    client.write(Buffer.concat([READ, WRITE.subarray(0, 9)]));
    expect(toHex((await client.next())?.pdu ?? Buffer.of())).toBe('03020000');
    client.write(WRITE.subarray(9));
    expect(await client.next()).toBeUndefined();
    expect((await disconnected.reached(1))[0].error).toMatchObject({ code: 'HANDLER_FAILED' });
    expect(server.counters.requests).toBe(1);
    await server.close();
  });

  test.each(['data', 'datagram'])('of %s that is an async function is refused by name', (hook) => {
    const options = { units: [createUnit()], handler: { [hook]: async () => undefined } };
    expect(() => new ModbusStreamServer(options)).toThrow(
      `handler.${hook}: expected a synchronous function, found an async function`,
    );
  });

  test('that throws a ConnectionError refuses the client, which is no error', async () => {
    const { server, client, errors, disconnected } = await serve({
      data: () => {
        throw new ConnectionError('NOT_ON_THE_LIST', 'only plc1 may write');
      },
    });
    client.write(READ);
    expect(await client.next()).toBeUndefined();
    expect((await disconnected.reached(1))[0].error).toMatchObject({ code: 'NOT_ON_THE_LIST' });
    expect(errors.all).toEqual([]);
    expect(server.counters).toMatchObject({ connectionsDenied: 1, handlerErrors: 0, requests: 0 });
    await server.close();
  });

  test.each(WRONG)('of datagrams that %s has the datagram dropped', async (_title, datagram) => {
    const server = new ModbusStreamServer({
      units: [createUnit()],
      handler: { datagram: datagram as RequestHandler['datagram'] },
    });
    const errors = record(server, 'error');
    await server.listen();
    const sent: Uint8Array[] = [];
    server.datagram(READ, (reply) => sent.push(reply));
    await errors.reached(1);
    expect(server.counters).toMatchObject({ requests: 0, framesDropped: 1, handlerErrors: 1 });
    await server.close();
    expect(sent).toEqual([]);
  });
});

describe('a handler', () => {
  test.each<[string, RequestHandlerOption]>([
    ['whose factory throws', fail],
    ['whose factory rejects', reject],
    ['whose factory makes nothing', () => undefined as never],
    ['whose factory makes nothing later', async () => undefined as never],
    ['whose factory misspells a hook', () => ({ excute: () => null }) as never],
    ['whose factory makes an async filter', async () => ({ data: async () => null }) as never],
    ['whose connected hook throws', { connected: fail }],
    ['whose connected hook rejects', { connected: reject }],
    ['whose connected hook rejects, made later', async () => ({ connected: reject })],
    ['that throws when it is looked at', () => new Proxy({}, { get: fail })],
  ])('%s lets nothing pass, and costs the connection', async (_title, handler) => {
    const served = await serve(handler);
    served.client.write(READ);
    await expectRefused(served, 'HANDLER_FAILED');
  });

  test.each<[string, RequestHandlerOption]>([
    ['whose factory never answers', () => never],
    ['whose connected hook never answers', { connected: () => never }],
  ])('%s costs the connection after handlerTimeout', async (_title, handler) => {
    const served = await serve(handler, { handlerTimeout: 20 });
    served.client.write(READ);
    await expectRefused(served, 'HANDLER_TIMEOUT');
  });

  test('that is made later has the bytes wait for it, and sees them first', async () => {
    const gate = createGate<RequestHandler>();
    const { server, client } = await serve(() => gate.opened);
    const halves = [READ.subarray(0, 5), READ.subarray(5)];
    for (const half of halves) await client.writeFlushed(half);
    expect(server.counters.messages).toBe(0);
    const seen: string[] = [];
    gate.open({
      connected: () => void seen.push('connected'),
      data: (bytes) => void seen.push(toHex(bytes)),
    });
    expect(toHex((await client.next())?.pdu ?? Buffer.of())).toBe('03020000');
    expect(seen[0]).toBe('connected');
    expect(seen.slice(1).join('')).toBe(toHex(READ));
    await server.close();
  });

  test('that is made later has the client told to wait, so that what waits is bounded', async () => {
    const { server, client } = await serve(() => never);
    const taken = createRecorder<number>();
    for (let i = 0; i < 100; i++) client.socket.write(Buffer.alloc(16_384), () => taken.record(i));
    await taken.reached(1);
    await turns();
    expect(taken.all.length).toBeLessThan(20);
    expect(server.counters.bytesReceived).toBeLessThan(20 * 16_384);
    await server.shutdown();
  });

  test('that comes when its client has gone is told of it, and serves nothing', async () => {
    const gate = createGate<RequestHandler>();
    const { server, client, disconnected } = await serve(() => gate.opened);
    await client.writeFlushed(READ);
    await client.close();
    await disconnected.reached(1);
    const told = createRecorder<string>();
    gate.open({ connected: () => told.record('connected'), disconnected: () => told.record('disconnected') });
    expect(await told.reached(2)).toEqual(['connected', 'disconnected']);
    expect(server.counters.requests).toBe(0);
    await server.close();
  });

  test('that never comes keeps no server from closing', async () => {
    const { server, client } = await serve(() => never, { handlerTimeout: 0 });
    await client.writeFlushed(READ);
    await server.close();
    expect(await client.next()).toBeUndefined();
    expect(server.counters.requests).toBe(0);
  });

  test.each<[string, string, string, RequestHandlerOption]>([
    ['throws', 'HANDLER_FAILED', 'HANDLER_FAILED', fail],
    ['rejects', 'HANDLER_FAILED', 'HANDLER_FAILED', reject],
    ['never comes', 'HANDLER_TIMEOUT', 'HANDLER_TIMEOUT', () => never],
    ['refuses with a code of its own', 'LISTEN_FAILED', 'NOT_TODAY', refuse],
  ])(
    'of a UDP server that %s has listen() reject with %s, and leaves nothing open',
    async (_title, code, own, handler) => {
      const server = new ModbusUdpServer({ units: [createUnit()], port: 0, handler, handlerTimeout: 20 });
      server.on('error', () => undefined);
      const failed = expect.objectContaining({ name: 'ConnectionError', code: own });
      await expect(server.listen()).rejects.toMatchObject({ name: 'ListenError', code, cause: failed });
      expect(server.address()).toBeNull();
      await server.close();
    },
  );

  test.each<[string, RequestHandlerOption]>([
    ['whose factory rejects', reject],
    ['whose connected hook rejects', { connected: reject }],
  ])('of datagrams %s has them dropped', async (_title, handler) => {
    const server = new ModbusStreamServer({ units: [createUnit()], handler });
    const errors = record(server, 'error');
    await server.listen();
    const sent: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      server.datagram(READ, (reply) => sent.push(reply));
      await errors.reached(1);
    }
    expect(server.counters).toMatchObject({ requests: 0, framesDropped: 3, handlerErrors: 1 });
    await server.close();
    expect(sent).toEqual([]);
  });

  test.each<[string, RequestHandlerOption]>([
    ['factory rejects', reject],
    ['connected hook throws', { connected: fail }],
    ['data filter throws', { data: fail }],
  ])('of a serial port whose %s has the bytes dropped; the port stays open', async (_title, handler) => {
    const port = new FakePort();
    const server = new ModbusSerialServer({ units: [createUnit()], port, handler });
    const errors = record(server, 'error');
    await server.listen();
    port.receive(RTU_READ);
    await errors.reached(1);
    expect(server.counters).toMatchObject({ requests: 0, connectionsDenied: 0 });
    expect(server.connections).toBe(1);
    await server.close();
    expect(port.steps.filter((step) => step.startsWith('write'))).toEqual([]);
  });
});

test('an execute hook guards broadcasts, too, one for each unit', async () => {
  const units = [1, 2].map((id) => new Unit({ id, holdingRegisters: [{ start: 0, count: 10 }] }));
  const asked: string[] = [];
  const sent: string[] = [];
  const server = new ModbusStreamServer({
    units,
    framing: 'rtu',
    handler: {
      execute(request, next) {
        asked.push(`${request.unitId} ${toHex(request.pdu)}`);
        if (asked.length === 1) throw new ModbusException(ExceptionCode.IllegalFunction);
        return next();
      },
      send: (reply) => {
        sent.push(toHex(reply));
        return reply;
      },
    },
  });
  await server.listen();
  const [client, end] = createConnectionPair();
  server.accept(end);
  client.write(hex('unit:00 fc:06 address:0000 value:0007 crc:C9D9'));
  client.end(hex('unit:01 fc:03 start:0000 quantity:0001 crc:840A'));
  const [reply] = (await once(client, 'data')) as [Buffer];
  expect(toHex(reply.subarray(0, 5))).toBe('0103020000');
  expect(asked).toEqual(['0 0600000007', '0 0600000007', '1 0300000001']);
  expect(sent).toEqual(['03020000']);
  expect(units.map(({ holdingRegisters }) => holdingRegisters.get(0))).toEqual([0, 7]);
  await server.close();
});

test.each(['close', 'shutdown'] as const)('%s from a connected hook ends the connection, too', async (end) => {
  const ended: Promise<void>[] = [];
  const disconnected: (Error | undefined)[] = [];
  const server = new ModbusStreamServer({
    units: [createUnit()],
    handler: {
      connected: () => {
        ended.push(server[end]());
      },
      disconnected: (_client, error) => {
        disconnected.push(error);
      },
    },
  });
  await server.listen();
  const [client, served] = createConnectionPair();
  server.accept(served);
  client.resume();
  if (!client.closed) await once(client, 'close');
  await Promise.all(ended);
  expect(disconnected.map((error) => (error as ConnectionError | undefined)?.code)).toEqual(['SERVER_CLOSED']);
});
