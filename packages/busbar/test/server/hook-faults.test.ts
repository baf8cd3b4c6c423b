import { once } from 'node:events';
import { type ConnectionError, ModbusStreamServer, ModbusTcpServer, type RequestHandler, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';

const READ = frame(1, 1, hex('fc:03 start:0000 quantity:0001'));
const REPLY = toHex(frame(1, 1, hex('03 02 0000')));

const createUnit = () => new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });

async function serve(handler: RequestHandler) {
  const server = new ModbusStreamServer({ units: [createUnit()], handler });
  const errors: Error[] = [];
  server.on('error', (error) => errors.push(error));
  await server.listen();
  const [client, end] = createConnectionPair();
  server.accept(end);
  return { server, client, errors };
}

const WRONG: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
  ['answers a promise', () => Promise.resolve(READ)],
  ['answers a number', () => 5],
  ['answers text', () => 'text'],
];

test.each(WRONG)('a data hook that %s is an error event, and the request is served', async (_title, data) => {
  const { server, client, errors } = await serve({ data: data as RequestHandler['data'] });
  client.write(READ);
  const [reply] = (await once(client, 'data')) as [Buffer];
  expect(toHex(reply)).toBe(REPLY);
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('a hook failed')]);
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

test('a datagram whose reply can not be sent is an error event, with a handler that answers later, too', async () => {
  const unit = new Unit({ id: 1, holdingRegisters: { read: async () => [7] } });
  await using server = new ModbusStreamServer({
    units: [unit, new Unit({ id: 2, holdingRegisters: [{ start: 0, count: 1 }] })],
  });
  const errors: Error[] = [];
  const told = new Promise<void>((resolve) => {
    server.on('error', (error) => {
      errors.push(error);
      if (errors.length === 2) resolve();
    });
  });
  await server.listen();
  const fail = () => {
    throw new Error('no way back');
  };
  server.datagram(READ, fail);
  server.datagram(frame(1, 2, hex('fc:03 start:0000 quantity:0001')), fail);
  await told;
  expect(errors.map(({ message }) => message)).toEqual(['no way back', 'no way back']);
  expect(server.connections).toBe(0);
});

test('serveForever rejects if the listen that it waits for fails', async () => {
  await using first = new ModbusTcpServer({ units: [createUnit()], port: 0 });
  await first.listen();
  const second = new ModbusTcpServer({ units: [createUnit()], port: first.address()?.port });
  const results = await Promise.allSettled([second.listen(), second.serveForever()]);
  expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
    'EADDRINUSE',
    'EADDRINUSE',
  ]);
});
