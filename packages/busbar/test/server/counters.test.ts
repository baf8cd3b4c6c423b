import { describe, expect, test } from 'vitest';
import { hex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, serve } from '../helpers/served.js';

const ECHO = 'fc:08 subFunction:0000 data:0000';

describe('counters', () => {
  test('of the server are those of its real traffic', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit(1), createCountingUnit(2)] });
    const client = await connect();
    await ask(client, 1, 'fc:03 start:0000 quantity:0001');
    await ask(client, 2, 'fc:03 start:FFFF quantity:0001');
    await ask(client, 9, 'fc:03 start:0000 quantity:0001');
    client.write(frame(1, 1, readRegister(0), 5));
    await ask(client, 1, ECHO);
    expect(server.counters).toMatchObject({
      connectionsAccepted: 1,
      requests: 3,
      replies: 4,
      exceptions: 2,
      unknownUnit: 1,
      framesDropped: 1,
      bytesReceived: 5 * 12,
      bytesSent: 11 + 9 + 9 + 12,
      messages: 4,
      communicationErrors: 0,
      handlerErrors: 0,
    });
  });

  test('of replies are by function and exception, and add up', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit(1)] });
    expect(server.replyCounts).toEqual([]);
    const client = await connect();
    for (const start of ['0000', '0001', 'FFFF']) await ask(client, 1, `fc:03 start:${start} quantity:0001`);
    await ask(client, 1, ECHO);
    await ask(client, 9, ECHO);
    for (let i = 0; i < 2; i++) await ask(client, 1, 'fc:7F');
    expect(server.replyCounts).toEqual([
      { functionCode: 3, exceptionCode: 0, count: 2 },
      { functionCode: 3, exceptionCode: 2, count: 1 },
      { functionCode: 8, exceptionCode: 0, count: 1 },
      { functionCode: 8, exceptionCode: 11, count: 1 },
      { functionCode: 127, exceptionCode: 1, count: 2 },
    ]);
    expect(server.counters).toMatchObject({ replies: 7, exceptions: 4 });
  });

  test('of replies are by what a hook makes of them', async () => {
    const handler = { execute: async () => Uint8Array.of(0x83, 6) };
    const { server, connect } = await serve({ units: [createCountingUnit(1)], handler });
    await ask(await connect(), 1, 'fc:03 start:0000 quantity:0001');
    expect(server.replyCounts).toEqual([{ functionCode: 3, exceptionCode: 6, count: 1 }]);
  });

  test('of a unit are what 08 answers', async () => {
    const unit = createCountingUnit(1);
    const { connect } = await serve({ units: [unit, createCountingUnit(2)], diagnostics: 'all' });
    const client = await connect();
    await ask(client, 1, 'fc:03 start:0000 quantity:0001');
    await ask(client, 1, 'fc:03 start:FFFF quantity:0001');
    await ask(client, 2, 'fc:03 start:FFFF quantity:0001');
    expect(unit.counters).toMatchObject({ busMessages: 3, messages: 2, exceptions: 1, noResponses: 0, events: 1 });
    await ask(client, 1, 'fc:08 subFunction:000A data:0000');
    expect(unit.counters).toMatchObject({ exceptions: 0, events: 0 });
  });

  test('of listen-only mode tell the messages without a reply', async () => {
    const unit = createCountingUnit(1);
    const { connect } = await serve({ units: [unit, createCountingUnit(2)], diagnostics: 'all' });
    const client = await connect();
    for (const request of ['fc:08 subFunction:0004 data:0000', ECHO, 'fc:03 start:0000 quantity:0001']) {
      client.send(1, hex(request));
    }
    client.send(2, hex(ECHO));
    expect((await client.next())?.unit).toBe(2);
    expect(unit.counters).toMatchObject({ busMessages: 4, messages: 3, noResponses: 3, exceptions: 0 });
  });

  test('of two servers are apart, and the unit has their sum', async () => {
    const unit = createCountingUnit(1);
    const [first, second] = [await serve({ units: [unit] }), await serve({ units: [unit] })];
    const [one, two] = [await first.connect(), await second.connect()];
    for (let i = 0; i < 3; i++) await ask(one, 1, ECHO);
    await ask(two, 1, ECHO);
    expect([first.server.counters.requests, second.server.counters.requests]).toEqual([3, 1]);
    expect(unit.counters).toMatchObject({ messages: 4, events: 4 });
    expect(await ask(two, 1, 'fc:08 subFunction:000E data:0000')).toBe('08000E0002');
  });
});
