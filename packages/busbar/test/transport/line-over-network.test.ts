import { once } from 'node:events';
import { connect } from 'node:net';
import { ModbusStreamServer, ModbusTcpServer, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';

const createUnit = () => new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });

/** Good requests behind and before what is none, each with the reply that must come although the peer sends no more. */
const ENDS: [string, string, string][] = [
  ['rubbish', 'aabbccdd0133 010300010001d5ca', '0103020000b844'],
  ['a request with a bad CRC', '0103000000010000 010300010001d5ca', '0103020000b844'],
  ['the beginning of a request', '0103 010300010001d5ca', '0103020000b844'],
];

test.each(ENDS)('a good RTU request behind %s is answered after the FIN', async (_title, sent, reply) => {
  await using server = new ModbusTcpServer({ units: [createUnit()], port: 0, framing: 'rtu' });
  await server.listen();
  const socket = connect({ port: server.address()?.port ?? 0, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.end(hex(sent));
  await once(socket, 'end');
  expect(toHex(Buffer.concat(chunks)).toLowerCase()).toBe(reply);
});

const NOT_ONE_FRAME: [string, string][] = [
  ['rubbish ahead of a frame', 'xyz\r\n:010600000007F2\r\n'],
  ['a frame behind one of another station', ':090600000007EA\r\n:010600000007F2\r\n'],
  ['a frame behind a broken one', ':0103\r\n:010600000007F2\r\n'],
  ['a frame and more', ':010600000007F2\r\n.'],
  ['two frames', ':010600000007F2\r\n:010600000007F2\r\n'],
  ['nothing', ''],
];

test.each(NOT_ONE_FRAME)('a datagram of %s is dropped, counted, and has no effect', async (_title, text) => {
  const unit = createUnit();
  await using server = new ModbusStreamServer({ units: [unit], framing: 'ascii' });
  await server.listen();
  const replies: Uint8Array[] = [];
  server.datagram(Buffer.from(text), (reply) => replies.push(reply));
  expect([replies.length, unit.holdingRegisters.get(0), server.counters.communicationErrors]).toEqual([0, 0, 1]);
  server.datagram(Buffer.from(':010600000007F2\r\n'), (reply) => replies.push(reply));
  expect([replies.length, unit.holdingRegisters.get(0)]).toEqual([1, 7]);
});

test('a change of the ASCII delimiter is for the datagram that brings it only, as a datagram is a connection', async () => {
  await using server = new ModbusStreamServer({ units: [createUnit()], framing: 'ascii', diagnostics: 'all' });
  await server.listen();
  const replies: string[] = [];
  const ask = (text: string) =>
    server.datagram(Buffer.from(text), (reply) => replies.push(Buffer.from(reply).toString()));
  ask(':010800032300D1\r\n');
  ask(':010600000007F2\r#');
  ask(':010600000007F2\r\n');
  expect(replies).toEqual([':010800032300D1\r\n', ':010600000007F2\r\n']);
});

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [undefined, 1000],
  [300, 300],
])('characters of an ASCII frame may come %s ms apart (default 1000)', async (silence, limit) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using server = new ModbusStreamServer({ units: [createUnit()], framing: 'ascii', silence });
  await server.listen();
  const [client, served] = createConnectionPair();
  server.accept(served);
  const received = once(served, 'data');
  client.write(':0106');
  await received;
  vi.advanceTimersByTime(limit - 1);
  expect(server.counters.communicationErrors).toBe(0);
  vi.advanceTimersByTime(1);
  expect(server.counters.communicationErrors).toBe(1);
});
