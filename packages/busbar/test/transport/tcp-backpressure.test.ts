import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, createRecorder, type Gate } from '../helpers/events.js';
import { FLOOD_REPLY_LENGTH, FLOOD_REQUEST_LENGTH, flood, roundTrips } from '../helpers/flood.js';
import { hex, toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

const ROUND_TRIPS = 50;

describe('a client that does not read its replies', () => {
  test('is not read from any longer while others are served, and loses nothing', { timeout: 60_000 }, async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const other = await connect();
    const client = await connect();
    const sent = await flood(client, other);
    const { bytesReceived, bytesSent } = server.counters;
    await roundTrips(other, ROUND_TRIPS);
    expect(server.counters.bytesReceived - bytesReceived).toBe(ROUND_TRIPS * 12);
    expect(server.counters.bytesSent - bytesSent).toBe(ROUND_TRIPS * 11);
    expect(bytesReceived).toBeLessThan(sent * FLOOD_REQUEST_LENGTH);

    let received = 0;
    await new Promise<void>((resolve, reject) => {
      client.socket.removeAllListeners('data');
      client.socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received >= sent * FLOOD_REPLY_LENGTH) resolve();
      });
      client.socket.on('close', () => reject(new Error('closed')));
      client.socket.resume();
    });
    expect(received).toBe(sent * FLOOD_REPLY_LENGTH);
  });
});

describe('requests in progress', () => {
  /** A unit whose reads wait at a gate each; `reached` tells when so many have come. */
  function createGatedUnit() {
    const arrivals = createRecorder<{ address: number; gate: Gate<number[]> }>();
    const unit = new Unit({
      id: 1,
      inputRegisters: {
        read: ({ address }) => {
          const gate = createGate<number[]>();
          arrivals.record({ address, gate });
          return gate.opened;
        },
      },
    });
    return { unit, arrivals };
  }

  const read = (address: number) => hex(`fc:04 start:${toHex(Uint8Array.of(address >> 8, address))} quantity:0001`);

  test.each([
    [undefined, 16],
    [1, 1],
    [5, 5],
  ])('of a connection are limited (option %s: %i); others wait and lose nothing', async (requestsInProgress, limit) => {
    const { unit, arrivals } = createGatedUnit();
    const { connect } = await serve({
      units: [unit, createCountingUnit(2)],
      ...(requestsInProgress !== undefined && { limits: { requestsInProgress } }),
    });
    const client = await connect();
    const bystander = await connect();
    client.write(Buffer.concat(Array.from({ length: 100 }, (_, index) => frame(index, 1, read(index)))));
    await arrivals.reached(limit);
    for (let i = 0; i < 20; i++) await bystander.request(2, readRegister(5));
    expect(arrivals.all.map(({ address }) => address)).toEqual(Array.from({ length: limit }, (_, index) => index));

    for (let index = 0; index < 100; index++) {
      const all = await arrivals.reached(index + 1);
      all[index]?.gate.open([index]);
      const reply = await client.next();
      expect([reply?.transactionId, reply && toHex(reply.pdu)]).toEqual([index, toHex(Uint8Array.of(4, 2, 0, index))]);
      expect(all.length).toBeLessThanOrEqual(index + 1 + limit);
    }
    expect(toHex(await client.request(2, readRegister(5))), 'a later request').toBe(registerReply(5));
  });

  test('of a connection that is gone end without a trace', async () => {
    const { unit, arrivals } = createGatedUnit();
    const { server, connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const errors = createRecorder<unknown>();
    server.on('error', errors.record);
    const [client, bystander] = [await connect(), await connect()];
    client.write(Buffer.concat([0, 1, 2].map((index) => frame(index, 1, read(index)))));
    const waiting = await arrivals.reached(3);
    await client.reset();
    for (const { gate } of waiting) gate.open([1]);
    for (let i = 0; i < 5; i++) await bystander.request(2, readRegister(5));
    expect(errors.all).toEqual([]);
  });

  test('of a half-closed connection are still answered', async () => {
    const { unit, arrivals } = createGatedUnit();
    const { connect } = await serve({ units: [unit, createCountingUnit(2)] });
    const [client, bystander] = [await connect(), await connect()];
    client.socket.end(Buffer.concat(Array.from({ length: 40 }, (_, index) => frame(index, 1, read(index)))));
    await arrivals.reached(16);
    for (let i = 0; i < 5; i++) await bystander.request(2, readRegister(5));
    for (let index = 0; index < 40; index++) (await arrivals.reached(index + 1))[index]?.gate.open([index]);
    for (let index = 0; index < 40; index++) expect((await client.next())?.transactionId).toBe(index);
    expect(await client.next()).toBeUndefined();
  });
});
