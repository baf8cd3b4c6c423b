import { setTimeout } from 'node:timers/promises';
import { type FramedReply, type HandledRequest, type ReplyWire, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { ask, createCountingUnit, serve } from '../helpers/served.js';

const READ = 'fc:03 start:0000 quantity:0001';

const SLOW_MS = 30;

/** Takes that long by the clock that measures; a timer's own may be some milliseconds behind, and fires early then. */
async function takeTime(): Promise<void> {
  const end = performance.now() + SLOW_MS;
  while (performance.now() < end) await setTimeout(1);
}

function slowUnit(): Unit {
  const read = async () => {
    await takeTime();
    return [1];
  };
  return new Unit({ id: 2, holdingRegisters: { ranges: [{ start: 0, count: 1 }], read } });
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

describe('durations', () => {
  test('are of each reply, whoever makes it', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit(1), slowUnit()] });
    const before = server.measureDurations();
    expect([total(before.counts), before.sum]).toEqual([0, 0]);
    const client = await connect();
    for (const unit of [1, 2, 1, 9]) await ask(client, unit, READ);
    const { bounds, counts, sum } = server.measureDurations();
    expect(counts).toHaveLength(bounds.length + 1);
    expect(total(counts)).toBe(4);
    expect(total(counts.slice(bounds.indexOf(25)))).toBeGreaterThanOrEqual(1);
    expect(sum).toBeGreaterThanOrEqual(SLOW_MS);
  });

  test('are of requests that come in one piece, too', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit(1)] });
    server.measureDurations();
    const client = await connect();
    for (let i = 0; i < 20; i++) client.send(1, Uint8Array.of(3, 0, 0, 0, 1));
    for (let i = 0; i < 20; i++) await client.next();
    expect(total(server.measureDurations().counts)).toBe(20);
  });

  test('include the time of a hook that sends the reply', async () => {
    const handler = {
      async frame(framed: FramedReply, _request: HandledRequest, wire: ReplyWire) {
        await takeTime();
        wire.send(framed.encode());
      },
    };
    const { server, connect } = await serve({ units: [createCountingUnit(1)], handler });
    server.measureDurations();
    const client = await connect();
    await ask(client, 1, READ);
    await ask(client, 1, READ);
    const { sum, counts } = server.measureDurations();
    expect(total(counts)).toBeGreaterThanOrEqual(1);
    expect(sum).toBeGreaterThanOrEqual(SLOW_MS);
  });

  test('are not measured before somebody asks', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit(1)] });
    const client = await connect();
    await ask(client, 1, READ);
    expect(total(server.measureDurations().counts)).toBe(0);
  });
});
