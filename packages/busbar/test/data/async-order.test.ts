import { type RangeContext, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, createRecorder, type Gate } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { frame, type MbapClient } from '../helpers/mbap-client.js';
import { createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

interface Call {
  context: RangeContext;
  gate: Gate<number[]>;
}

/** A unit whose handlers wait until the test lets each of them go. */
function createGatedUnit(id = 1) {
  const calls = createRecorder<Call>();
  const wait = (context: RangeContext): Promise<number[]> => {
    const gate = createGate<number[]>();
    calls.record({ context, gate });
    return gate.opened;
  };
  const unit = new Unit({
    id,
    holdingRegisters: { read: wait, write: async (context) => void (await wait(context)) },
    inputRegisters: [{ start: 0, count: 10, value: 42 }],
  });
  return { unit, calls };
}

async function next(client: MbapClient): Promise<[number | undefined, string]> {
  const reply = await client.next();
  return [reply?.transactionId, reply === undefined ? '' : toHex(reply.pdu)];
}

const READ_INPUT = Uint8Array.of(4, 0, 0, 0, 1);
const INPUT_REPLY = '0402002A';

describe('replies of one connection', () => {
  test('keep the order of the requests, in whatever order handlers answer', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    client.write(Buffer.concat([0, 1, 2, 3, 4].map((index) => frame(index, 1, readRegister(index)))));
    const all = await calls.reached(5);
    for (const index of [3, 1, 4, 0, 2]) all[index]?.gate.open([index]);
    for (let index = 0; index < 5; index++) expect(await next(client)).toEqual([index, registerReply(index)]);
  });

  test('keep it among refusals, other units, unknown units and functions that need no handler', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const client = await connect();
    const requests: [number, Uint8Array][] = [
      [1, readRegister(9)],
      [2, readRegister(5)],
      [1, Uint8Array.of(0x41)],
      [9, readRegister(5)],
      [1, Uint8Array.of(3)],
      [1, READ_INPUT],
      [2, Uint8Array.of(8, 0, 0, 1, 2)],
    ];
    client.write(Buffer.concat(requests.map(([id, pdu], index) => frame(index, id, pdu))));
    (await calls.reached(1))[0]?.gate.open([9]);
    const replies = [];
    for (const _ of requests) replies.push(await next(client));
    const expected = [registerReply(9), registerReply(5), 'C101', '830B', '8303', INPUT_REPLY, '0800000102'];
    expect(replies).toEqual(expected.map((reply, index) => [index, reply]));
  });

  test('are each sent as soon as it is its turn', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    client.write(Buffer.concat([0, 1, 2].map((index) => frame(index, 1, readRegister(index)))));
    const all = await calls.reached(3);
    all[0]?.gate.open([0]);
    expect(await next(client)).toEqual([0, registerReply(0)]);
    all[2]?.gate.open([2]);
    all[1]?.gate.fail(new Error('broken'));
    expect(await next(client)).toEqual([1, '8304']);
    expect(await next(client)).toEqual([2, registerReply(2)]);
  });
});

describe('a handler that takes its time', () => {
  test('keeps no other connection waiting, neither for its own unit nor for another', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const [slow, other] = [await connect(), await connect()];
    slow.send(1, readRegister(0));
    await calls.reached(1);
    expect(toHex(await other.request(2, readRegister(5)))).toBe(registerReply(5));
    expect(toHex(await other.request(1, READ_INPUT))).toBe(INPUT_REPLY);
    calls.all[0]?.gate.open([0]);
    expect((await next(slow))[1]).toBe(registerReply(0));
  });

  test('over a write keeps other units free', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const [slow, other] = [await connect(), await connect()];
    slow.send(1, Uint8Array.of(6, 0, 0, 0, 1));
    await calls.reached(1);
    expect(toHex(await other.request(2, readRegister(5)))).toBe(registerReply(5));
    calls.all[0]?.gate.open([]);
    expect((await next(slow))[1]).toBe('0600000001');
  });

  test('is called for the next request of its unit while reads are under way', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit] });
    const [first, second] = [await connect(), await connect()];
    first.send(1, readRegister(0));
    second.send(1, readRegister(1));
    const all = await calls.reached(2);
    for (const { context, gate } of all) gate.open([context.address]);
    expect([(await next(first))[1], (await next(second))[1]]).toEqual([registerReply(0), registerReply(1)]);
  });
});

describe('writes by asynchronous handlers', () => {
  test('exclude every other request of their unit', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const [writer, reader, bystander] = [await connect(), await connect(), await connect()];
    writer.send(1, Uint8Array.of(6, 0, 0, 0, 1));
    await calls.reached(1);
    reader.send(1, readRegister(0));
    for (let i = 0; i < 10; i++) await bystander.request(2, readRegister(i));
    expect(calls.all).toHaveLength(1);
    calls.all[0]?.gate.open([]);
    (await calls.reached(2))[1]?.gate.open([7]);
    expect((await next(writer))[1]).toBe('0600000001');
    expect((await next(reader))[1]).toBe(registerReply(7));
  });

  test('get their turn in spite of readers that keep coming', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const [one, writer, two, bystander] = [await connect(), await connect(), await connect(), await connect()];
    one.send(1, readRegister(0));
    await calls.reached(1);
    writer.send(1, Uint8Array.of(6, 0, 0, 0, 1));
    for (let i = 0; i < 5; i++) await bystander.request(2, readRegister(i));
    two.send(1, readRegister(1));
    for (let i = 0; i < 5; i++) await bystander.request(2, readRegister(i));
    expect(calls.all.map(({ context }) => context.functionCode)).toEqual([3]);
    calls.all[0]?.gate.open([0]);
    await calls.reached(2);
    expect(calls.all.map(({ context }) => context.functionCode)).toEqual([3, 6]);
    calls.all[1]?.gate.open([]);
    (await calls.reached(3))[2]?.gate.open([1]);
    expect((await next(two))[1]).toBe(registerReply(1));
  });

  test('let go of their unit when they fail, and when the deadline passes', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit], handlerTimeout: 20 });
    const client = await connect();
    client.send(1, Uint8Array.of(6, 0, 0, 0, 1));
    (await calls.reached(1))[0]?.gate.fail(new Error('broken'));
    expect((await next(client))[1]).toBe('8604');
    client.send(1, Uint8Array.of(6, 0, 0, 0, 1));
    expect((await next(client))[1]).toBe('8604');
    client.send(1, readRegister(3));
    (await calls.reached(3))[2]?.gate.open([3]);
    expect((await next(client))[1]).toBe(registerReply(3));
  });

  test('let go of their unit when their client is gone', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve({ units: [unit] });
    const [gone, waiting, client] = [await connect(), await connect(), await connect()];
    gone.send(1, Uint8Array.of(6, 0, 0, 0, 1));
    await calls.reached(1);
    waiting.send(1, Uint8Array.of(6, 0, 1, 0, 1));
    await gone.reset();
    await waiting.reset();
    client.send(1, readRegister(3));
    calls.all[0]?.gate.open([]);
    for (let count = 2; calls.all.at(-1)?.context.functionCode !== 3; count++) {
      calls.all.at(-1)?.gate.open([]);
      await calls.reached(count);
    }
    calls.all.at(-1)?.gate.open([3]);
    expect((await next(client))[1]).toBe(registerReply(3));
  });
});
