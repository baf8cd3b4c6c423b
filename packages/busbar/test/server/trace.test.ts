import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PassedMessage, TraceMessage } from 'busbar';
import { expect, test } from 'vitest';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { rtuClient } from '../helpers/line-client.js';
import { createSerial } from '../helpers/serial.js';
import { ask, createCountingUnit, serve } from '../helpers/served.js';

test('the channels busbar:request and busbar:reply carry every PDU with its unit id and client', async () => {
  const { connect } = await serve({ units: [createCountingUnit()] });
  const client = await connect();
  const port = client.socket.localPort;
  const seen: string[] = [];
  const listen = (message: unknown, name: string | symbol) => {
    const { peer, unitId, pdu } = message as TraceMessage;
    if (peer.port === port) seen.push(`${String(name)} ${unitId} ${toHex(pdu)}`);
  };
  const channels = ['busbar:request', 'busbar:reply'];
  for (const name of channels) subscribe(name, listen);
  await ask(client, 1, 'fc:03 start:0005 quantity:0001');
  await ask(client, 255, 'fc:41');
  await ask(client, 9, 'fc:41');
  for (const name of channels) unsubscribe(name, listen);
  await client.request(1, hex('fc:41'));
  expect(seen).toEqual([
    'busbar:request 1 0300050001',
    'busbar:reply 1 03020005',
    'busbar:request 255 41',
    'busbar:reply 255 C101',
    'busbar:request 9 41',
    'busbar:reply 9 C10B',
  ]);
});

test('they also say which server and framing it was, and the transaction', async () => {
  const { server, connect } = await serve({ units: [createCountingUnit()] });
  const client = await connect();
  const seen: TraceMessage[] = [];
  const listen = (message: unknown) => void seen.push(message as TraceMessage);
  const channels = ['busbar:request', 'busbar:reply'];
  for (const name of channels) subscribe(name, listen);
  for (let i = 0; i < 2; i++) await client.request(1, hex('fc:41'));
  for (const name of channels) unsubscribe(name, listen);
  const own = seen.filter((message) => message.server === server);
  expect(own.map(({ framing, transactionId }) => [framing, transactionId])).toEqual([
    ['mbap', 1],
    ['mbap', 1],
    ['mbap', 2],
    ['mbap', 2],
  ]);
});

test('the channel busbar:passed carries the frames of other stations on a shared line, as copies', async () => {
  const port = new FakePort();
  const server = await createSerial({ port }).listen();
  const seen: PassedMessage[] = [];
  const listen = (message: unknown) => void seen.push(message as PassedMessage);
  const frames = ['fc:03 start:0000 quantity:0001', 'fc:03 bytes:02 value:1234'].map((pdu) =>
    rtuClient.encode({ unit: 2, pdu: hex(pdu) }),
  );
  const own = rtuClient.encode({ unit: 1, pdu: hex('fc:03 start:0005 quantity:0001') });
  subscribe('busbar:passed', listen);
  const bytes = Buffer.concat([...frames, own]);
  port.receive(bytes);
  await port.done(1);
  unsubscribe('busbar:passed', listen);
  bytes.fill(0);
  port.receive(frames[0]);
  port.receive(own);
  await port.done(2);
  expect(seen).toEqual([
    { server, framing: 'rtu', unitId: 2, pdu: hex('fc:03 start:0000 quantity:0001') },
    { server, framing: 'rtu', unitId: 2, pdu: hex('fc:03 bytes:02 value:1234') },
  ]);
});
