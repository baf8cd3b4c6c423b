import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Framing, ModbusSerialServer, ModbusStreamServer, ModbusUdpServer, type TraceMessage } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createRecorder } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { udpStream } from '../helpers/udp-stream.js';
import { framing, READ, REPLY, serve, units } from './length-framing.js';

describe('a framing of one’s own', () => {
  test('serves requests, however they are cut', async () => {
    const { connect } = await serve(framing);
    for (let cut = 0; cut <= 2 * READ.length; cut++) {
      const { client, received } = connect();
      const both = Buffer.concat([READ, READ]);
      client.write(both.subarray(0, cut));
      client.write(both.subarray(cut));
      for (let count = 1; received.all.join('').length < 2 * REPLY.length; count++) await received.reached(count);
      expect(received.all.join('')).toBe(REPLY + REPLY);
      client.destroy();
    }
  });

  test('has unit ids as on TCP, or as on a line', async () => {
    const direct = await serve(framing);
    const direct1 = direct.connect();
    direct1.client.write(hex('length:05 unit:00 fc:03 start:0000 quantity:0001'));
    direct1.client.write(hex('length:05 unit:09 fc:03 start:0000 quantity:0001'));
    await direct1.received.reached(2);
    expect(direct1.received.all).toEqual(['04000302' + '0014', '0209' + '830B']);

    const line = await serve({ ...framing, sharedLine: true });
    const line1 = line.connect();
    line1.client.write(hex('length:05 unit:00 fc:06 address:0000 value:0015'));
    line1.client.write(hex('length:05 unit:09 fc:03 start:0000 quantity:0001'));
    line1.client.write(READ);
    await line1.received.reached(1);
    expect(line1.received.all).toEqual(['04010302' + '0015']);
  });

  test('is named in traces', async () => {
    const traced: string[] = [];
    const listener = (message: unknown) => traced.push((message as TraceMessage).framing);
    subscribe('busbar:request', listener);
    const { connect } = await serve(framing);
    const { client, received } = connect();
    client.write(READ);
    await received.reached(1);
    unsubscribe('busbar:request', listener);
    expect(traced).toEqual(['length']);
  });

  test('serves datagrams', async () => {
    await using server = await new ModbusUdpServer({ units: units(), framing, port: 0 }).listen();
    const client = await udpStream(server.address()?.port ?? 0);
    const received = createRecorder<string>();
    client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
    client.write(READ);
    expect(await received.reached(1)).toEqual([REPLY]);
    client.destroy();
  });

  test('serves a serial line', async () => {
    const port = new FakePort();
    await using server = new ModbusSerialServer({ units: units(), port, framing });
    await server.listen();
    port.receive(READ);
    expect(await port.done(1)).toEqual([`write ${REPLY}`]);
  });
});

const WRONG: readonly [title: string, framing: unknown, path: string, says: string][] = [
  ['no framing', 5, 'framing', 'mbap'],
  ['a name that there is not', 'binary', 'framing', 'rtu'],
  ['a name that is taken', { ...framing, name: 'rtu' }, 'framing.name', 'of its own'],
  ['no name', { ...framing, name: undefined }, 'framing.name', 'string'],
  ['a key that it does not know', { ...framing, header: 2 }, 'framing.header', 'unknown'],
  ['no seal', { ...framing, seal: undefined }, 'framing.seal', 'function'],
  ['a negative header', { ...framing, headerLength: -1 }, 'framing.headerLength', '-1'],
  ['a longest frame that is shorter than its PDU', { ...framing, maxLength: () => 254 }, 'framing.maxLength', '255'],
  ['a longest frame without an end', { ...framing, maxLength: () => Infinity }, 'framing.maxLength', 'Infinity'],
  ['an endless silence', { ...framing, silence: 1e9 }, 'framing.silence', '60000'],
  ['no answer to whether others are on the line', { ...framing, sharedLine: undefined }, 'framing.sharedLine', 'true'],
];

test.each(WRONG)('an option with %s is refused', (_, own, path, says) => {
  const create = () => new ModbusStreamServer({ units: [], framing: own as Framing });
  expect(create).toThrow(new RegExp(`^${path}: .*${says}`));
});
