import type { Duplex } from 'node:stream';
import { ModbusStreamServer, type RangeContext, type StreamServerOptions, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGate, createRecorder, type Gate, record, turns } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { readRegister, registerReply } from '../helpers/served.js';

const BUSY = '06';

/** A request that writes a register. */
const write = (address: number) => Uint8Array.of(0x06, 0, address, 0, 1);

const servers: ModbusStreamServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.shutdown()));
});

async function serve(units: readonly Unit[], options: Partial<StreamServerOptions> = {}) {
  const server = await new ModbusStreamServer({ units, ...options }).listen();
  servers.push(server);
  const connect = (): MbapClient<Duplex> => {
    const [client, end] = createConnectionPair();
    server.accept(end);
    return new MbapClient(client);
  };
  return { server, connect };
}

interface Call {
  readonly what: string;
  readonly gate: Gate<number[]>;
}

/** A unit whose handlers wait until the test lets each of them go. */
function createGatedUnit(id = 1) {
  const calls = createRecorder<Call>();
  const wait = (context: RangeContext): Promise<number[]> => {
    const gate = createGate<number[]>();
    calls.record({ what: `${context.functionCode === 3 ? 'read' : 'write'} ${context.address}`, gate });
    return gate.opened;
  };
  const unit = new Unit({
    id,
    holdingRegisters: { read: wait, write: async (context) => void (await wait(context)) },
  });
  return { unit, calls };
}

/** Sends requests in one piece. */
function send(client: MbapClient<Duplex>, ...pdus: Uint8Array[]): void {
  client.write(Buffer.concat(pdus.map((pdu, i) => frame(i, 1, pdu))));
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const reply = async (client: MbapClient<Duplex>) => toHex((await client.next())?.pdu ?? Buffer.of());

describe('an attack of ten clients with 16 writes each', () => {
  const WRITE_MS = 100;

  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** Every write takes its time; the first digit of an address is the client's. */
  async function attack(options: Partial<StreamServerOptions> = {}) {
    const started: number[] = [];
    const unit = new Unit({
      id: 1,
      holdingRegisters: {
        read: () => [0],
        write: ({ address }) => {
          started.push(Math.floor(address / 16));
          return new Promise((resolve) => setTimeout(resolve, WRITE_MS));
        },
      },
    });
    const { server, connect } = await serve([unit], options);
    const attackers = range(10).map(connect);
    for (const [index, attacker] of attackers.entries()) send(attacker, ...range(16).map((i) => write(16 * index + i)));
    await turns(20);
    return { server, attackers, victim: connect(), started };
  }

  test('delays the write of another by no more than one round', async () => {
    const { victim, started } = await attack();
    send(victim, write(160));
    await turns(20);
    let answered = false;
    const answer = reply(victim).then((pdu) => {
      answered = true;
      return pdu;
    });
    for (let i = 0; i < 11 && !answered; i++) await vi.advanceTimersByTimeAsync(WRITE_MS);
    expect(answered).toBe(true);
    expect(await answer).toBe(toHex(write(160)));
    expect(started.slice(0, 11)).toEqual(range(11));
  });

  test('delays it so in every round, not only in the first', async () => {
    const { victim, started } = await attack();
    await vi.advanceTimersByTimeAsync(35 * WRITE_MS);
    const before = started.length;
    send(victim, write(160));
    await turns(20);
    await vi.advanceTimersByTimeAsync(12 * WRITE_MS);
    expect(started.indexOf(10) - before).toBeLessThanOrEqual(10);
  });

  test('gets an answer to each request within handlerTimeout, and nothing that was answered so is done', async () => {
    const { server, attackers, started } = await attack({ handlerTimeout: 1000 });
    const errors = record(server, 'error');
    await vi.advanceTimersByTimeAsync(1000 + WRITE_MS);
    const replies = await Promise.all(attackers.flatMap((attacker) => range(16).map(() => reply(attacker))));
    const busy = replies.filter((pdu) => pdu === `86${BUSY}`).length;
    const done = replies.filter((pdu) => pdu.startsWith('06')).length;
    expect(done).toBeGreaterThanOrEqual(9);
    expect(busy).toBe(160 - started.length);
    expect(server.counters.requestsRefused).toBe(busy);
    // A write that had begun when its time was over is an error, as before.
    expect(errors.all.length).toBe(160 - busy - done);
    for (const { message } of errors.all)
      expect(message).toMatch(/within 1000 ms, of which .* waited \d+ ms for its unit/);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(started.length).toBe(160 - busy);
  });
});

describe('requests that wait for their unit', () => {
  test('take their turns by connections, each with its requests in their order', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve([unit]);
    const [a, b, c] = [connect(), connect(), connect()];
    send(a, ...[1, 2, 3].map(write));
    await calls.reached(1);
    send(b, ...[11, 12].map(write));
    await turns(5);
    send(c, write(21));
    await turns(5);
    for (let i = 0; i < 6; i++) (await calls.reached(i + 1))[i].gate.open([]);
    expect(calls.all.map(({ what }) => what)).toEqual([1, 11, 21, 2, 12, 3].map((address) => `write ${address}`));
    expect([await reply(a), await reply(a), await reply(a)]).toEqual([1, 2, 3].map((i) => toHex(write(i))));
  });

  test('let reads of one connection go together', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve([unit]);
    const [writer, reader, other] = [connect(), connect(), connect()];
    send(writer, write(0));
    await calls.reached(1);
    send(reader, ...[1, 2, 3].map(readRegister));
    await turns(5);
    send(other, write(9));
    await turns(5);
    calls.all[0].gate.open([]);
    await calls.reached(4);
    await turns(5);
    expect(calls.all.map(({ what }) => what)).toEqual(['write 0', 'read 1', 'read 2', 'read 3']);
    for (const { gate } of calls.all.slice(1)) gate.open([7]);
    await calls.reached(5);
    expect(await reply(reader)).toBe(registerReply(7));
  });

  test('are bounded per unit: beyond it they get exception 06, and are counted', async () => {
    const { unit, calls } = createGatedUnit();
    const { server, connect } = await serve([unit], { limits: { requestsWaitingPerUnit: 2 } });
    const client = connect();
    send(client, ...range(5).map(write));
    await calls.reached(1);
    for (let i = 0; i < 3; i++) (await calls.reached(i + 1))[i].gate.open([]);
    expect(await Promise.all(range(5).map(() => reply(client)))).toEqual([
      ...range(3).map((i) => toHex(write(i))),
      `86${BUSY}`,
      `86${BUSY}`,
    ]);
    expect(server.counters).toMatchObject({ requestsRefused: 2, exceptions: 2 });
    expect(unit.counters.busyReplies).toBe(2);
  });

  test('are bounded per server, over all its units', async () => {
    const gated = [1, 2, 3].map(createGatedUnit);
    const { server, connect } = await serve(
      gated.map(({ unit }) => unit),
      { limits: { requestsWaiting: 2 } },
    );
    const clients = gated.map(() => [connect(), connect()]);
    for (const [index, pair] of clients.entries()) {
      for (const client of pair) {
        client.write(frame(1, index + 1, write(0)));
        await turns(5);
      }
    }
    expect(await reply(clients[2][1])).toBe(`86${BUSY}`);
    expect(server.counters.requestsRefused).toBe(1);
    for (const { calls } of gated) calls.all[0].gate.open([]);
    for (const [client] of clients) expect(await reply(client)).toBe(toHex(write(0)));
  });

  test('of one who has many give way to those of others, at the bound', async () => {
    const { unit, calls } = createGatedUnit();
    const { server, connect } = await serve([unit], { limits: { requestsWaitingPerUnit: 4 } });
    const [greedy, modest] = [connect(), connect()];
    send(greedy, ...range(5).map(write));
    await calls.reached(1);
    send(modest, write(10));
    await turns(5);
    for (let i = 0; i < 5; i++) (await calls.reached(i + 1))[i].gate.open([]);
    expect(await reply(modest)).toBe(toHex(write(10)));
    expect(await Promise.all(range(5).map(() => reply(greedy)))).toEqual([
      ...range(4).map((i) => toHex(write(i))),
      `86${BUSY}`,
    ]);
    expect(server.counters.requestsRefused).toBe(1);
  });

  test('leave no place taken when their client has gone', async () => {
    const { unit, calls } = createGatedUnit();
    const { server, connect } = await serve([unit], { limits: { requestsWaitingPerUnit: 2 } });
    const disconnected = record(server, 'disconnect');
    const first = connect();
    send(first, write(0));
    await calls.reached(1);
    for (let round = 1; round <= 3; round++) {
      const gone = connect();
      send(gone, write(1), write(2));
      await turns(5);
      await gone.close();
      await disconnected.reached(round);
    }
    const client = connect();
    send(client, write(3));
    await turns(5);
    for (let i = 0; i < 2; i++) (await calls.reached(i + 1))[i].gate.open([]);
    expect(await reply(client)).toBe(toHex(write(3)));
    expect(calls.all.map(({ what }) => what)).toEqual(['write 0', 'write 3']);
    expect(server.counters.requestsRefused).toBe(0);
  });

  test('in datagrams take their turns by peers', async () => {
    const { unit, calls } = createGatedUnit();
    const { server } = await serve([unit]);
    const replies = createRecorder<string>();
    const ask = (address: number, port: number) =>
      server.datagram(frame(1, 1, write(address)), (adu) => replies.record(toHex(adu.subarray(7))), {
        address: '10.0.0.1',
        port,
      });
    for (const address of [1, 2, 3]) ask(address, 4000);
    ask(11, 4001);
    for (let i = 0; i < 4; i++) (await calls.reached(i + 1))[i].gate.open([]);
    await replies.reached(4);
    expect(calls.all.map(({ what }) => what)).toEqual([1, 11, 2, 3].map((address) => `write ${address}`));
  });

  test('wait behind a request handler, too, whose hooks hold nothing up', async () => {
    const { unit, calls } = createGatedUnit();
    const { connect } = await serve([unit], {
      handler: { execute: (_request, next) => next() },
      limits: { requestsWaitingPerUnit: 1 },
    });
    const client = connect();
    send(client, ...range(3).map(write));
    await calls.reached(1);
    await turns(5);
    for (let i = 0; i < 2; i++) (await calls.reached(i + 1))[i].gate.open([]);
    expect([await reply(client), await reply(client), await reply(client)]).toEqual([
      toHex(write(0)),
      toHex(write(1)),
      `86${BUSY}`,
    ]);
  });
});

test('a hook that goes on after the deadline does nothing any more', async () => {
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });
  const gate = createGate();
  const late = createGate<unknown>();
  const { server, connect } = await serve([unit], {
    handlerTimeout: 20,
    handler: {
      async execute(_request, next) {
        await gate.opened;
        const result = await next();
        late.open(result);
        return result;
      },
    },
  });
  server.on('error', () => undefined);
  const client = connect();
  send(client, write(0));
  expect(await reply(client)).toBe('8604');
  gate.open();
  expect(await late.opened).toBeNull();
  expect(unit.holdingRegisters.get(0)).toBe(0);
});
