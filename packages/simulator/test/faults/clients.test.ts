import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ModbusTcpServer } from 'busbar';
import { type FaultOptions, Faults } from 'busbar-simulator';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../../busbar/test/helpers/hex.js';
import { encodeRaw, serveStream, serveTcp, serveUdp } from '../../../busbar/test/helpers/raw-wires.js';
import { createSerial } from '../../../busbar/test/helpers/serial.js';
import { createCountingUnit, portOf, readRegister } from '../../../busbar/test/helpers/served.js';

const read = (address: number, transactionId = 1) => encodeRaw('mbap', { transactionId, pdu: readRegister(address) });
const answer = (address: number, transactionId = 1) =>
  toHex(encodeRaw('mbap', { transactionId, pdu: Uint8Array.of(3, 2, 0, address) }));
const LENGTH = 11;

const serving = (faults: Faults) => ({ units: [createCountingUnit()], handler: faults.handler() });

describe('nobody else notices', () => {
  test('a long delay: other connections are served, and the replies behind it wait', async () => {
    const faults = new Faults([{ name: 'slow', table: 'holdingRegisters', start: 0, count: 1, delay: '1h' }]);
    const { connect: open } = await serveTcp(serving(faults));
    const [slow, other] = [await open(), await open()];
    slow.write(read(1, 1), read(0, 2), read(2, 3));
    expect(await slow.take(LENGTH)).toBe(answer(1, 1));
    for (let i = 0; i < 3; i++) {
      other.write(read(7));
      expect(await other.take(LENGTH)).toBe(answer(7));
    }
    await slow.close();
  });

  test('that a connection was closed', async () => {
    const faults = new Faults([{ name: 'cut', functions: [3], close: 'amid', times: 1 }]);
    const { connect: open } = await serveTcp(serving(faults));
    const [cut, other] = [await open(), await open()];
    cut.write(read(1));
    expect(await cut.take()).toBe(answer(1).slice(0, 10));
    other.write(read(7));
    expect(await other.take(LENGTH)).toBe(answer(7));
  });

  test.each([
    ['connections', serveTcp],
    ['streams', serveStream],
    ['senders of datagrams', serveUdp],
  ])('the replies to others: stale ones are those of the same client, over %s', async (_title, serve) => {
    const faults = new Faults([{ name: 'stale', stale: true }]);
    const { connect: open } = await serve(serving(faults));
    const [one, other] = [await open(), await open()];
    for (const [client, address] of [
      [one, 1],
      [other, 2],
    ] as const) {
      client.write(read(address));
      expect(await client.take(LENGTH)).toBe(answer(address));
    }
    for (const [client, stale] of [
      [one, 1],
      [other, 2],
    ] as const) {
      client.write(read(9, 2));
      expect(await client.take(LENGTH)).toBe(answer(stale));
    }
  });
});

test('the deadline of handlers does not end a delay', async () => {
  const faults = new Faults([{ name: 'slow', delay: '60ms', split: '30ms' }]);
  const { connect: open } = await serveTcp({ ...serving(faults), handlerTimeout: 10 });
  const client = await open();
  client.write(read(5));
  expect(await client.take(LENGTH)).toBe(answer(5));
});

describe('connections that are refused', () => {
  const refuse = (more: Partial<FaultOptions> = {}): FaultOptions => ({ name: 'full', refuse: true, ...more });

  test('are closed at once, and those that are open stay', async () => {
    const faults = new Faults([refuse({ active: false })]);
    const injected: string[] = [];
    faults.on('injected', ({ fault, effects }) => injected.push(`${fault.name}: ${effects}`));
    const { server, connect: open } = await serveTcp(serving(faults));
    const errors: Error[] = [];
    server.on('error', (error) => errors.push(error));
    const client = await open();
    client.write(read(5));
    await client.take(LENGTH);
    faults.switch('full', true);
    const refused = await open();
    refused.write(read(5));
    expect(await refused.take()).toBe('');
    client.write(read(6));
    expect(await client.take(LENGTH)).toBe(answer(6));
    faults.switch('full', false);
    const late = await open();
    late.write(read(7));
    expect(await late.take(LENGTH)).toBe(answer(7));
    expect(injected).toEqual(['full: connection refused']);
    expect([errors, server.counters.connectionsDenied, server.counters.handlerErrors]).toEqual([[], 1, 0]);
  });

  test('may be every second one, or those of a network', async () => {
    const faults = new Faults([refuse({ every: 2, peer: '127.0.0.2' })]);
    const server = new ModbusTcpServer({ host: '127.0.0.1', port: 0, ...serving(faults) });
    await using _server = await server.listen();
    const answers = async (localAddress: string) => {
      const socket: Socket = connect({ port: portOf(server), host: '127.0.0.1', localAddress });
      socket.on('error', () => {});
      socket.write(read(5));
      const [bytes] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [undefined])]);
      socket.destroy();
      return bytes !== undefined;
    };
    const seen: boolean[] = [];
    for (const address of ['127.0.0.2', '127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2']) {
      seen.push(await answers(address));
    }
    expect(seen).toEqual([true, true, true, false, true]);
  });

  test('are none where there are no connections: a socket of datagrams and a line are opened all the same', async () => {
    const faults = new Faults([refuse()]);
    const { connect: open } = await serveUdp(serving(faults));
    const client = await open();
    client.write(read(5));
    expect(await client.take(LENGTH)).toBe(answer(5));
    expect(faults.get('full')?.injected).toBe(0);
    expect(createSerial({ path: '/dev/none', handler: faults.handler() }).listening).toBe(false);
  });
});

test('a fault for units that do not exist hits what those who ask for them get', async () => {
  const faults = new Faults([{ name: 'gateway', unit: 9, exception: 10, wrongUnit: 8 }]);
  const injected: string[] = [];
  faults.on('injected', ({ effects }) => injected.push(...effects));
  const { connect: open } = await serveTcp(serving(faults));
  const client = await open();
  client.write(encodeRaw('mbap', { unit: 9, pdu: readRegister(5) }));
  expect(await client.take(9)).toBe(toHex(encodeRaw('mbap', { unit: 8, pdu: hex('fc:83 code:0A') })));
  expect(injected).toEqual(['exception 10', 'unit id 8']);
});

test('the faults of one server may be those of several, and of one of them', async () => {
  const faults = new Faults([{ name: 'second', listener: 2, garbage: 'FF' }]);
  const [one, two] = [
    await serveStream({ units: [createCountingUnit()], handler: faults.handler({ index: 1 }) }),
    await serveStream({ units: [createCountingUnit()], handler: faults.handler({ index: 2 }) }),
  ];
  const [first, second] = [await one.connect(), await two.connect()];
  for (const client of [first, second]) client.write(read(5));
  expect(await first.take(LENGTH)).toBe(answer(5));
  expect(await second.take(LENGTH + 1)).toBe(`FF${answer(5)}`);
});
