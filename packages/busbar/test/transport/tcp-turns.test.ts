import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type TraceMessage, Unit } from 'busbar';
import { expect, onTestFinished, test } from 'vitest';
import { frame, type MbapClient } from '../helpers/mbap-client.js';
import { createCountingUnit, readRegister, serve } from '../helpers/served.js';

/** What fits a chunk of 64 KiB, the most that a socket reads at once. */
const CROWD = 5461;
/** Requests of a crowd that may be served ahead of somebody else's: a few turns, far from all. */
const PATIENCE = 1024;

/** Calls `seen` at each request that a server takes, with the port that it came from. */
function onRequest(seen: (port: number | undefined) => void): void {
  const listen = (message: unknown) => seen((message as TraceMessage).peer.port);
  subscribe('busbar:request', listen);
  onTestFinished(() => void unsubscribe('busbar:request', listen));
}

const crowd = Buffer.concat(Array.from({ length: CROWD }, (_, i) => frame(i, 1, readRegister(5))));

/**
 * Another's request, sent once the first of a crowd is served, waits for a part of the crowd only; and all are
 * answered.
 */
async function expectTurns(greedy: MbapClient, other: MbapClient): Promise<void> {
  const { localPort } = other.socket;
  let ofCrowd = 0;
  let before: number | undefined;
  onRequest((port) => {
    if (port === localPort) before = ofCrowd;
    else if (port === greedy.socket.localPort) {
      if (ofCrowd === 0) other.send(1, readRegister(7));
      ofCrowd++;
    }
  });
  greedy.write(crowd);
  await other.next();
  expect(before).toBeLessThan(PATIENCE);
  for (let id = 0; id < CROWD; id++) expect((await greedy.next())?.transactionId).toBe(id);
}

test('a connection with thousands of requests in one chunk lets others have their turn', async () => {
  const { connect } = await serve({ units: [createCountingUnit()] });
  const greedy = await connect();
  const other = await connect();
  await expectTurns(greedy, other);
});

test('requests that wait for their turn are answered when the client ends its side, or the server closes', async () => {
  const { server, connect } = await serve({ units: [createCountingUnit()] });
  const [ending, staying] = [await connect(), await connect()];
  let closing: Promise<void> | undefined;
  onRequest((port) => {
    if (port === staying.socket.localPort) closing ??= server.close();
  });
  ending.socket.end(crowd);
  for (let id = 0; id < CROWD; id++) expect((await ending.next())?.transactionId).toBe(id);
  expect(await ending.next()).toBeUndefined();
  staying.write(crowd);
  // How much of it had come when the server closed, the network decides: that is answered, from the first on.
  let answered = 0;
  for (let reply = await staying.next(); reply !== undefined; reply = await staying.next()) {
    expect(reply.transactionId).toBe(answered);
    answered++;
  }
  await closing;
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBe(server.counters.requests - CROWD);
});

test('a connection that is cut while it waits for its turn is forgotten', async () => {
  const { server, connect } = await serve({ units: [createCountingUnit()] });
  const greedy = await connect();
  let seen = 0;
  onRequest(() => {
    seen++;
    if (seen === 1) greedy.socket.destroy();
  });
  const gone = new Promise((resolve) => server.once('disconnect', resolve));
  greedy.write(crowd);
  await gone;
  expect(server.connections).toBe(0);
  const { requests } = server.counters;
  const other = await connect();
  await other.request(1, readRegister(5));
  expect(server.counters.requests).toBe(requests + 1);
});

test('the time that turns take is none of the time that the client has to take its last replies', async () => {
  const unit = createCountingUnit();
  const { connect } = await serve({ units: [unit], limits: { closeTimeout: 20 } });
  unit.on('read', () => {
    for (const since = performance.now(); performance.now() - since < 0.2; );
  });
  const client = await connect();
  client.socket.end(crowd.subarray(0, 12 * 2000));
  for (let id = 0; id < 2000; id++) expect((await client.next())?.transactionId).toBe(id);
});

test('a turn ends although handlers answer by promises at once', async () => {
  const handled = new Unit({ id: 1, holdingRegisters: { read: async () => [5] } });
  const { connect } = await serve({ units: [handled] });
  const [greedy, other] = [await connect(), await connect()];
  await expectTurns(greedy, other);
});
