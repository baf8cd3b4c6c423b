import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type PassedMessage, type RequestHandler, type TraceMessage, Unit } from 'busbar';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { rtuClient } from '../helpers/line-client.js';
import { frame } from '../helpers/mbap-client.js';
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
  const [request, reply] = ['fc:03 start:0000 quantity:0001', 'fc:03 bytes:02 value:1234'].map(hex);
  expect(seen).toEqual([
    { server, framing: 'rtu', unitId: 2, kind: 'request', pdu: request },
    { server, framing: 'rtu', unitId: 2, kind: 'reply', pdu: reply, request },
  ]);
});

/** Writes down what the channels tell of one server: `request 1 03…`, `reply 1 03…`, `unanswered 1 03…`. */
function traced(isOf: (server: object) => boolean) {
  const seen: string[] = [];
  const messages: TraceMessage[] = [];
  for (const name of ['request', 'reply', 'unanswered']) {
    const listen = (message: unknown) => {
      const traced = message as TraceMessage;
      if (!isOf(traced.server)) return;
      seen.push(`${name} ${traced.unitId} ${toHex(traced.pdu)}`);
      messages.push(traced);
    };
    subscribe(`busbar:${name}`, listen);
    onTestFinished(() => void unsubscribe(`busbar:${name}`, listen));
  }
  return { seen, messages };
}

const READ = '0300050001';

describe('a traced request', () => {
  test('is told with its unit, and its reply with the request that it answers', async () => {
    const [first, second] = [createCountingUnit(), createCountingUnit(2)];
    const { server, connect } = await serve({ units: [first, second] });
    const { messages } = traced((each) => each === server);
    const client = await connect();
    for (const id of [2, 0, 7]) await client.request(id, hex(READ));
    const [toSecond, reply, toDefault, , toNobody, refusal] = messages;
    expect([toSecond, toDefault, toNobody].map(({ unit }) => unit)).toEqual([second, first, undefined]);
    expect(reply.request).toBe(toSecond);
    expect(refusal.request).toBe(toNobody);
  });

  test('that waits for a handler is told with the reply of its own, whatever came between', async () => {
    const release: (() => void)[] = [];
    const unit = new Unit({
      id: 1,
      holdingRegisters: {
        ranges: [{ start: 0, count: 10 }],
        read: async () => {
          await new Promise<void>((resolve) => release.push(resolve));
          return [7];
        },
      },
    });
    const { server, connect } = await serve({ units: [unit] });
    const { messages } = traced((each) => each === server);
    const client = await connect();
    const [first, second] = [client.request(1, hex(READ)), client.request(9, hex(READ))];
    await expect.poll(() => release.length).toBe(1);
    release[0]();
    await Promise.all([first, second]);
    expect(messages.map((message) => messages.indexOf(message.request ?? message))).toEqual([0, 1, 0, 1]);
  });

  test('that nobody answers is told once more as unanswered: silent policy, hook', async () => {
    const handler: RequestHandler = {
      execute: (request, next) => (request.unitId === 2 ? null : next()),
    };
    const silent = await serve({
      units: [createCountingUnit(), createCountingUnit(2)],
      unknownUnit: 'silent',
      handler,
    });
    const { seen } = traced((each) => each === silent.server);
    const client = await silent.connect();
    for (const id of [9, 2]) client.write(frame(1, id, hex(READ)));
    await client.request(1, hex(READ));
    expect(seen.filter((each) => !each.startsWith('request'))).toEqual([
      `unanswered 9 ${READ}`,
      `unanswered 2 ${READ}`,
      'reply 1 03020005',
    ]);
  });

  test('to all units of a line is unanswered, whether they carry it out or not', async () => {
    const port = new FakePort();
    const units = [createCountingUnit(), createCountingUnit(2)];
    const server = await createSerial({ port, units }).listen();
    const { seen } = traced((each) => each === server);
    const [write, read] = ['fc:06 address:0003 value:0009', READ].map(hex);
    for (const pdu of [write, read]) port.receive(rtuClient.encode({ unit: 0, pdu }));
    port.receive(rtuClient.encode({ unit: 1, pdu: hex('fc:03 start:0003 quantity:0001') }));
    await port.done(1);
    expect(seen.slice(0, 4)).toEqual([
      'request 0 0600030009',
      'unanswered 0 0600030009',
      `request 0 ${READ}`,
      `unanswered 0 ${READ}`,
    ]);
    expect(seen.slice(4)).toEqual(['request 1 0300030001', 'reply 1 03020009']);
  });

  test('whose client leaves before the reply is unanswered', async () => {
    const unit = new Unit({
      id: 1,
      holdingRegisters: { ranges: [{ start: 0, count: 10 }], read: () => new Promise<number[]>(() => {}) },
    });
    const { server, connect } = await serve({ units: [unit] });
    const { seen } = traced((each) => each === server);
    const client = await connect();
    client.write(frame(1, 1, hex(READ)));
    await expect.poll(() => seen).toEqual([`request 1 ${READ}`]);
    client.socket.resetAndDestroy();
    await expect.poll(() => seen).toEqual([`request 1 ${READ}`, `unanswered 1 ${READ}`]);
  });
});
