import { once } from 'node:events';
import { Duplex } from 'node:stream';
import {
  type FifoHandlers,
  type FileHandlers,
  ModbusStreamServer,
  type RequestHandler,
  type StreamServerOptions,
  type TableHandlers,
  Unit,
  type UnitOptions,
} from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { turns } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { HOSTILE, WAYS } from '../helpers/hostile.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { createCountingUnit, readRegister, registerReply } from '../helpers/served.js';

/** Where a server calls the program. Each is given the function that misbehaves, and asks for what calls it. */
interface Place {
  readonly unit?: (hostile: () => unknown) => Partial<UnitOptions>;
  readonly options?: (hostile: () => unknown) => object;
  readonly prepare?: (server: ModbusStreamServer, unit: Unit, hostile: () => unknown) => void;
  /** The request that gets there; without it the connection itself does. */
  readonly request?: string;
  readonly isDatagram?: boolean;
  /** Where a promise would be the program's own fault. */
  readonly ways?: typeof WAYS;
}

const READ = 'fc:03 start:0000 quantity:0002';
const WRITE = 'fc:06 address:0000 value:0001';
const READ_FILE = 'fc:14 byteCount:07 type:06 file:0001 record:0000 length:0002';
const WRITE_FILE = 'fc:15 byteCount:0B type:06 file:0001 record:0000 length:0002 values:0001_0002';
const AT_ONCE = WAYS.filter(([way]) => way === 'thrown' || way === 'answered');
const memory = [{ start: 0, count: 10 }];

type Registers = TableHandlers<number>;
const hook = (name: keyof RequestHandler, request?: string): Place => ({
  options: (hostile) => ({ handler: { [name]: hostile } }),
  ...(request && { request }),
});
const listener = (name: 'connect' | 'disconnect' | 'listening' | 'close'): Place => ({
  prepare: (server, _unit, hostile) => server.on(name, hostile),
});

const PLACES: Record<string, Place> = {
  'a read handler of registers': { unit: (read) => ({ holdingRegisters: { read } as Registers }), request: READ },
  'a read handler of bits': {
    unit: (read) => ({ coils: { read } as TableHandlers<boolean> }),
    request: 'fc:01 start:0000 quantity:0002',
  },
  'a block with a read handler of its own': {
    unit: (read) => ({
      holdingRegisters: [
        { start: 0, count: 1 },
        { start: 1, count: 1, read },
      ] as UnitOptions['holdingRegisters'],
    }),
    request: READ,
  },
  'a block with a write handler of its own': {
    unit: (write) => ({
      holdingRegisters: [{ start: 0, count: 1, read: () => [0], write }] as UnitOptions['holdingRegisters'],
    }),
    request: WRITE,
  },
  'a write handler': {
    unit: (write) => ({ holdingRegisters: { read: () => [0], write } as Registers }),
    request: WRITE,
  },
  'a read handler ahead of a write': {
    unit: (read) => ({ holdingRegisters: { read, write: () => undefined } as Registers }),
    request: 'fc:16 address:0000 and:00FF or:0000',
  },
  'a read handler of files': { unit: (read) => ({ files: { read } as FileHandlers }), request: READ_FILE },
  'a read handler of one file': {
    unit: (read) => ({ files: { read: () => [read()] } as FileHandlers }),
    request: READ_FILE,
    ways: AT_ONCE,
  },
  'a write handler of files': {
    unit: (write) => ({ files: { read: () => [], write } as FileHandlers }),
    request: WRITE_FILE,
  },
  'a read handler of queues': {
    unit: (read) => ({ fifos: { read } as FifoHandlers }),
    request: 'fc:18 pointer:0000',
  },
  'a custom function': {
    options: (execute) => ({ customFunctions: [{ code: 0x41, execute }] }),
    request: 'fc:41 data:0001',
  },
  'the hook execute': hook('execute', READ),
  'the hook send': hook('send', READ),
  'the hook data': hook('data', READ),
  'the hook datagram': { ...hook('datagram'), isDatagram: true },
  'the hook connected of datagrams': { ...hook('connected'), isDatagram: true },
  'the hook connected': hook('connected', READ),
  'the hook disconnected': hook('disconnected'),
  'the hook error': hook('error'),
  'a factory of handlers': { options: (handler) => ({ handler }), request: READ },
  'the request that a hook goes on with': {
    options: (hostile) => ({
      handler: { execute: (_request: unknown, next: (pdu: unknown) => unknown) => next(hostile()) },
    }),
    request: READ,
    ways: AT_ONCE,
  },
  'a listener of write': { prepare: (_server, unit, hostile) => unit.on('write', hostile), request: WRITE },
  'a listener of read': { prepare: (_server, unit, hostile) => unit.on('read', hostile), request: READ },
  'a listener of fileWrite': {
    prepare: (_server, unit, hostile) => unit.on('fileWrite', hostile),
    request: WRITE_FILE,
  },
  'a listener of connect': listener('connect'),
  'a listener of disconnect': listener('disconnect'),
  'a listener of listening': listener('listening'),
  'a listener of close': listener('close'),
  'a listener of error': {
    unit: () => ({
      holdingRegisters: {
        read: () => {
          throw new Error('broken');
        },
      },
    }),
    prepare: (server, _unit, hostile) => server.on('error', hostile),
    request: READ,
  },
};

/** What reached the event loop. */
const escaped: unknown[] = [];
const noteEscaped = (thrown: unknown) => escaped.push(thrown);
beforeEach(() => {
  escaped.splice(0);
  process.on('uncaughtException', noteEscaped).on('unhandledRejection', noteEscaped);
  // Faults without a listener are warnings, here thousands of them.
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(() => {
  process.off('uncaughtException', noteEscaped).off('unhandledRejection', noteEscaped);
  vi.restoreAllMocks();
});

async function serve({ unit: partial, options, prepare }: Place, hostile: () => unknown) {
  const unit = new Unit({
    id: 1,
    holdingRegisters: memory,
    files: [{ number: 1, start: 0, count: 10 }],
    ...partial?.(hostile),
  });
  const server = new ModbusStreamServer({
    units: [unit, createCountingUnit(2)],
    handlerTimeout: 5,
    ...(options?.(hostile) as Partial<StreamServerOptions> | undefined),
  });
  prepare?.(server, unit, hostile);
  return server.listen();
}

function connectTo(server: ModbusStreamServer): MbapClient<Duplex> {
  const [client, end] = createConnectionPair();
  server.accept(end);
  return new MbapClient(client);
}

/** Asks once, and sees that the server comes to an end with it: by a reply, or by closing the connection. */
async function provoke(server: ModbusStreamServer, request: string | undefined): Promise<void> {
  const client = connectTo(server);
  if (request === undefined) client.socket.destroy(new Error('cut'));
  else client.socket.end(frame(1, 1, hex(request)));
  const outcome = await client.next();
  if (outcome !== undefined) expect(outcome.pdu.length).toBeGreaterThan(0);
  await client.closed;
}

test.each(Object.entries(PLACES))('%s may throw, reject with and answer whatever there is', async (_name, place) => {
  for (const [what, make] of HOSTILE) {
    for (const [way, give] of place.ways ?? WAYS) {
      const server = await serve(place, () => give(make()));
      if (place.isDatagram === true) server.datagram(frame(1, 1, hex(READ)), () => undefined);
      else await provoke(server, place.request);
      await turns();
      await server.close();
      expect({ what, way, escaped: escaped.splice(0) }).toEqual({ what, way, escaped: [] });
    }
  }
});

test('the other units and connections are served meanwhile', async () => {
  for (const [what, make] of HOSTILE) {
    const server = await serve({ unit: (read) => ({ holdingRegisters: { read } as Registers }) }, () => {
      throw make();
    });
    const client = connectTo(server);
    expect({ what, reply: toHex(await client.request(1, hex(READ))) }).toEqual({ what, reply: '8304' });
    expect(toHex(await client.request(2, readRegister(5)))).toBe(registerReply(5));
    expect(server.counters.handlerErrors).toBe(1);
    await server.shutdown();
  }
});

test('a stream may fail with whatever there is', async () => {
  for (const [what, make] of HOSTILE) {
    const server = await serve({}, () => undefined);
    const stream = new Duplex({
      read() {},
      write() {
        throw make();
      },
    });
    server.accept(stream);
    stream.push(frame(1, 2, readRegister(5)));
    while (server.connections > 0) await turns();
    expect({ what, escaped: escaped.splice(0) }).toEqual({ what, escaped: [] });
    await server.close();
  }
});

test('a datagram may fail to be sent with whatever there is', async () => {
  for (const [what, make] of HOSTILE) {
    for (const [way, give] of WAYS) {
      const server = await serve({}, () => undefined);
      server.datagram(frame(1, 2, readRegister(5)), () => give(make()));
      await turns();
      await server.close();
      expect({ what, way, escaped: escaped.splice(0) }).toEqual({ what, way, escaped: [] });
    }
  }
});

test('what is no bytes is not taken for a datagram', async () => {
  const server = await serve({}, () => undefined);
  expect(() => server.datagram('0001' as never, () => undefined)).toThrow('a datagram must be bytes, found "0001"');
  expect(server.connections).toBe(0);
  await server.close();
});

test.each<[what: string, stream: unknown, found: string]>([
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 5, '5'],
  ['an object without methods', {}, 'an object'],
])('%s is not taken for a stream', async (_what, stream, found) => {
  const server = await serve({}, () => undefined);
  expect(() => server.accept(stream as never)).toThrow(`a connection must be a Duplex stream, found ${found}`);
  expect(server.connections).toBe(0);
  await server.close();
});

test('a stream that has closed before it is accepted is a connection that ends at once', async () => {
  const server = await serve({}, () => undefined);
  const stream = new Duplex({ read() {}, write() {} });
  stream.destroy();
  await once(stream, 'close');
  const disconnected = once(server, 'disconnect');
  server.accept(stream);
  await disconnected;
  expect(server.connections).toBe(0);
  await server.close();
});

test('a stream is not served twice at once', async () => {
  const server = await serve({}, () => undefined);
  const stream = new Duplex({ read() {}, write() {} });
  server.accept(stream);
  expect(() => server.accept(stream)).toThrow('the stream is served already');
  const disconnected = once(server, 'disconnect');
  stream.destroy();
  await disconnected;
  expect(server.connections).toBe(0);
  await server.close();
});

test('a stream of text is ended', async () => {
  const server = await serve({}, () => undefined);
  const stream = new Duplex({ objectMode: true, read() {}, write() {} });
  server.accept(stream);
  stream.push('000100000006');
  while (server.connections > 0) await turns();
  expect(server.counters.bytesReceived).toBe(0);
  await server.close();
});
