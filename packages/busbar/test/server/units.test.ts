import { type HandledReply, ModbusStreamServer, ModbusTcpServer, OptionsError, StateError, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, test } from 'vitest';
import { createGate, createRecorder, type Gate } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

const READ_5 = toHex(readRegister(5));
const GONE = '830B';

/** A unit with one holding register at address 0. */
const unitWith = (id: number, value: number) => new Unit({ id, holdingRegisters: [{ start: 0, values: [value] }] });
const READ_0 = 'fc:03 start:0000 quantity:0001';

/** A unit whose reads wait until the test answers them. */
function createGatedUnit(id: number) {
  const gates = createRecorder<Gate<number[]>>();
  const read = () => {
    const gate = createGate<number[]>();
    gates.record(gate);
    return gate.opened;
  };
  return { unit: new Unit({ id, holdingRegisters: { read } }), gates };
}

describe('the units of a server', () => {
  test('are listed in their order, and found by id', () => {
    const [first, second] = [unitWith(9, 0), unitWith(2, 0)];
    const { units } = new ModbusTcpServer({ units: [first, second] });
    expect([...units]).toEqual([first, second]);
    expect(units.size).toBe(2);
    expect(units.get(2)).toBe(second);
    expect(units.get(3)).toBeUndefined();
    expect([units.has(9), units.has(first), units.has(3), units.has(unitWith(9, 0))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('are added while a client is connected', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit(1)] });
    const client = await connect();
    expect(await ask(client, 2, READ_5)).toBe(GONE);
    expect(server.units.add(createCountingUnit(2))).toBe(server.units);
    expect(await ask(client, 2, READ_5)).toBe(registerReply(5));
    expect(await ask(client, 0, READ_5)).toBe(registerReply(5));
  });

  test('are replaced all at once, and those that stay keep their counters and modes', async () => {
    const [first, second, third] = [unitWith(1, 11), unitWith(2, 22), unitWith(3, 33)];
    const { server, connect } = await serve({ units: [first, second], diagnostics: 'all' });
    const client = await connect();
    expect(await ask(client, 2, READ_0)).toBe(registerReply(22));
    client.send(2, hex('fc:08 subFunction:0004 data:0000'));
    expect(await ask(client, 1, READ_0)).toBe(registerReply(11));
    expect(server.listenOnly).toEqual([second]);
    const { messages } = second.counters;
    expect(server.units.replace([third, second])).toBe(server.units);
    expect([...server.units]).toEqual([third, second]);
    expect(await ask(client, 0, READ_0)).toBe(registerReply(33));
    expect(await ask(client, 1, READ_0)).toBe(GONE);
    expect(server.listenOnly).toEqual([second]);
    expect([second.counters.messages, first.counters.messages]).toEqual([messages, 0]);
  });

  test('stay as they are if what is to replace them is wrong', () => {
    const first = unitWith(1, 0);
    const { units } = new ModbusTcpServer({ units: [first] });
    for (const wrong of [[unitWith(2, 0), unitWith(2, 1)], [first, JSON.parse('{}')], JSON.parse('7')]) {
      expect(() => units.replace(wrong)).toThrow(OptionsError);
    }
    expect([...units]).toEqual([first]);
  });

  test('are removed by id or by themselves while a client is connected', async () => {
    const [second, third] = [createCountingUnit(2), createCountingUnit(3)];
    const { server, connect } = await serve({ units: [createCountingUnit(1), second, third] });
    const client = await connect();
    expect(await ask(client, 2, READ_5)).toBe(registerReply(5));
    expect([server.units.delete(2), server.units.delete(third)]).toEqual([true, true]);
    expect([server.units.delete(2), server.units.delete(third)]).toEqual([false, false]);
    expect([await ask(client, 2, READ_5), await ask(client, 3, READ_5)]).toEqual([GONE, GONE]);
    expect(await ask(client, 1, READ_5)).toBe(registerReply(5));
  });

  test('keep an id for one of them', async () => {
    const { server, connect } = await serve({ units: [unitWith(1, 11)] });
    const other = unitWith(1, 22);
    expect(() => server.units.add(other)).toThrow(StateError);
    expect(() => server.units.add(other)).toThrow(expect.objectContaining({ code: 'UNIT_ID_TAKEN' }));
    expect(server.units.delete(other)).toBe(false);
    const client = await connect();
    expect(await ask(client, 1, READ_0)).toBe(registerReply(11));
    server.units.delete(1);
    server.units.add(other);
    expect(await ask(client, 1, READ_0)).toBe(registerReply(22));
  });

  test('are units and nothing else', () => {
    const { units } = new ModbusTcpServer({ units: [] });
    expect(() => units.add({ id: 1 } as Unit)).toThrow(OptionsError);
    expect(units.size).toBe(0);
  });

  test('can change while a listener looks at each of them', () => {
    const { units } = new ModbusTcpServer({ units: [unitWith(1, 0), unitWith(2, 0), unitWith(3, 0)] });
    for (const unit of units) units.delete(unit);
    expect([...units]).toEqual([]);
  });
});

describe('the default unit', () => {
  test('is the first one; when that goes, the next is', async () => {
    const { server, connect } = await serve({ units: [unitWith(7, 70), unitWith(8, 80)], unknownUnit: 'any' });
    const client = await connect();
    const ids = [0, 255, 33];
    const answers = async () => {
      const replies: string[] = [];
      for (const id of ids) replies.push(await ask(client, id, READ_0));
      return replies;
    };
    expect(await answers()).toEqual(ids.map(() => registerReply(70)));
    server.units.delete(7);
    expect(await answers()).toEqual(ids.map(() => registerReply(80)));
    server.units.add(unitWith(7, 71));
    expect(await answers()).toEqual(ids.map(() => registerReply(80)));
    server.units.delete(8);
    expect(await answers()).toEqual(ids.map(() => registerReply(71)));
  });

  test('gives way for the ids 0 and 255 to units that have them, as long as they are there', async () => {
    const { server, connect } = await serve({ units: [unitWith(7, 70)] });
    const client = await connect();
    server.units.add(unitWith(255, 2550)).add(unitWith(0, 1));
    expect(await ask(client, 255, READ_0)).toBe(registerReply(2550));
    expect(await ask(client, 0, READ_0)).toBe(registerReply(1));
    server.units.delete(255);
    expect(await ask(client, 255, READ_0)).toBe(registerReply(70));
  });
});

describe('a server without a unit', () => {
  test.for(['gatewayTargetFailed', 'any'] as const)('answers as for unknown units (%s)', async (unknownUnit) => {
    const { server, connect } = await serve({ units: [], unknownUnit });
    const client = await connect();
    for (const id of [0, 1, 255]) expect(await ask(client, id, READ_0)).toBe(GONE);
    server.units.add(unitWith(1, 11));
    for (const id of [0, 1, 255]) expect(await ask(client, id, READ_0)).toBe(registerReply(11));
    expect(server.units.delete(1)).toBe(true);
    for (const id of [0, 1, 255]) expect(await ask(client, id, READ_0)).toBe(GONE);
  });
});

describe('requests in progress to a unit that is removed', () => {
  test('are answered, and so are those that wait for it; later ones find no unit', async () => {
    const { unit, gates } = createGatedUnit(2);
    const { server, connect } = await serve({ units: [createCountingUnit(1), unit] });
    const client = await connect();
    client.send(2, readRegister(0));
    client.send(2, readRegister(0));
    await gates.reached(2);
    server.units.delete(unit);
    client.send(2, readRegister(0));
    for (const [i, gate] of gates.all.entries()) gate.open([30 + i]);
    const replies = [await client.next(), await client.next(), await client.next()];
    expect(replies.map((reply) => toHex(reply?.pdu ?? hex('')))).toEqual([registerReply(30), registerReply(31), GONE]);
  });

  test('are carried out when a hook goes on with them later', async () => {
    const held = createGate();
    const asked = createRecorder<number>();
    const execute = async ({ unitId }: { unitId: number }, next: () => Promise<HandledReply>) => {
      asked.record(unitId);
      await held.opened;
      return next();
    };
    const { server, connect } = await serve({ units: [unitWith(1, 0), unitWith(2, 22)], handler: { execute } });
    const client = await connect();
    client.send(2, hex(READ_0));
    await asked.reached(1);
    server.units.delete(2);
    held.open();
    expect(toHex((await client.next())?.pdu ?? hex(''))).toBe(registerReply(22));
  });
});

describe('a unit of several servers', () => {
  test('is removed from one and still served by the other, with the counters of that one', async () => {
    const unit = createCountingUnit(1);
    const first = await serve({ units: [unit] });
    const second = await serve({ units: [] });
    second.server.units.add(unit);
    const [a, b] = [await first.connect(), await second.connect()];
    await ask(a, 1, READ_5);
    await ask(b, 1, READ_5);
    expect(unit.counters.messages).toBe(2);
    first.server.units.delete(unit);
    expect(unit.counters.messages).toBe(1);
    expect([await ask(a, 1, READ_5), await ask(b, 1, READ_5)]).toEqual([GONE, registerReply(5)]);
    await second.server.close();
    expect(unit.counters.messages).toBe(0);
  });

  test('counts from the moment its server listens, also if it was added before', async () => {
    const unit = createCountingUnit(1);
    const server = new ModbusStreamServer({ units: [] });
    server.units.add(unit);
    await server.listen();
    const [client, served] = createConnectionPair();
    server.accept(served);
    await ask(new MbapClient(client), 1, READ_5);
    expect(unit.counters.messages).toBe(1);
    await server.close();
  });
});

describe('on a shared line', () => {
  const READ_UNIT_2 = hex('unit:02 fc:03 start:0000 quantity:0001 crc:8439');
  const READ_UNIT_1 = hex('unit:01 fc:03 start:0000 quantity:0001 crc:840A');
  const BROADCAST_9 = hex('unit:00 fc:06 start:0000 value:0009 crc:481D');

  async function serveLine(units: Unit[]) {
    const server = await new ModbusStreamServer({ units, framing: 'rtu' }).listen();
    const [client, served] = createConnectionPair();
    server.accept(served);
    const received = createRecorder<string>();
    client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
    return { server, client, received };
  }

  test('a removed unit is silent, one that was added answers', async () => {
    const { server, client, received } = await serveLine([unitWith(1, 1)]);
    client.write(READ_UNIT_2);
    client.write(READ_UNIT_1);
    await received.reached(1);
    server.units.add(unitWith(2, 0x1234));
    client.write(READ_UNIT_2);
    await received.reached(2);
    server.units.delete(2);
    client.write(READ_UNIT_2);
    client.write(READ_UNIT_1);
    await received.reached(3);
    expect(received.all.map((reply) => reply.slice(0, 10))).toEqual(['0103020001', '0203021234', '0103020001']);
    await server.close();
  });

  test('a broadcast reaches the units that are there', async () => {
    const [first, second, removed] = [unitWith(1, 0), unitWith(2, 0), unitWith(3, 0)];
    const { server, client, received } = await serveLine([removed]);
    server.units.add(first).add(second).delete(3);
    client.write(BROADCAST_9);
    client.write(READ_UNIT_2);
    await received.reached(1);
    expect([first, second, removed].map((unit) => unit.holdingRegisters.get(0))).toEqual([9, 9, 0]);
    await server.close();
  });
});
