import { beforeEach, describe, expect, test } from 'vitest';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex, word } from '../helpers/hex.js';
import { rtuClient } from '../helpers/line-client.js';
import { createSerial } from '../helpers/serial.js';
import { createCountingUnit } from '../helpers/served.js';

const OVERRUNS = 'fc:08 sub:0012 data:0000';
const CLEAR_OVERRUNS = 'fc:08 sub:0014 data:0000';
const CLEAR_COUNTERS = 'fc:08 sub:000A data:0000';
const RESTART = 'fc:08 sub:0001 data:0000';
const RESTART_AND_CLEAR_LOG = 'fc:08 sub:0001 data:FF00';
const LISTEN_ONLY = 'fc:08 sub:0004 data:0000';
const EVENT_LOG = 'fc:0C';

describe('characters that a port has lost', () => {
  let port: FakePort;
  let server: ReturnType<typeof createSerial>;
  const units = () => [createCountingUnit(1), createCountingUnit(2)];
  beforeEach(async () => {
    port = new FakePort();
    server = await createSerial({ port, units: units() }).listen();
  });

  /** Asks a unit on the line. @returns the PDU of its reply in hex. */
  async function ask(pdu: string, unit = 1): Promise<string> {
    const before = port.steps.length;
    port.receive(rtuClient.encode({ unit, pdu: hex(pdu) }));
    const [reply] = (await port.done(before + 1)).slice(before);
    return toHex(rtuClient.decode(hex(reply.replace('write ', ''))).pdu);
  }

  async function counted(unit?: number): Promise<number> {
    return Number.parseInt((await ask(OVERRUNS, unit)).slice(-4), 16);
  }

  /** Event bytes, the oldest first. */
  async function events(): Promise<string> {
    return toHex(hex((await ask(EVENT_LOG)).slice(16)).reverse());
  }

  test('are counted for the server and for 08/12 of each unit', async () => {
    port.emit('overrun', 2);
    port.emit('overrun', 3);
    expect(server.counters.overruns).toBe(5);
    expect(await counted(1)).toBe(5);
    expect(await counted(2)).toBe(5);
  });

  test('are one where the port says no number', async () => {
    port.emit('overrun');
    expect(server.counters.overruns).toBe(1);
    expect(await counted()).toBe(1);
  });

  test('are cleared for one unit by 08/14, and go on from there', async () => {
    port.emit('overrun', 7);
    expect(await ask(CLEAR_OVERRUNS)).toBe('0800140000');
    expect([await counted(1), await counted(2)]).toEqual([0, 7]);
    port.emit('overrun', 1);
    expect([await counted(1), await counted(2)]).toEqual([1, 8]);
    expect(server.counters.overruns).toBe(8);
  });

  test.each([
    ['08/0A', CLEAR_COUNTERS],
    ['08/01', RESTART],
  ])('are cleared by %s, too', async (_, clear) => {
    port.emit('overrun', 7);
    await ask(clear);
    expect([await counted(1), await counted(2)]).toEqual([0, 7]);
  });

  test('leave the other counters alone when they are cleared', async () => {
    port.emit('overrun', 7);
    await ask('fc:03 start:FFFF quantity:0001');
    await ask(CLEAR_OVERRUNS);
    expect(await ask('fc:08 sub:000D data:0000')).toBe('08000D0001');
  });

  test('are counted modulo 65536 on the line, and beyond in the program', async () => {
    port.emit('overrun', 0x1_0003);
    expect(await ask(OVERRUNS)).toBe(`080012${word(3)}`);
    expect(server.counters.overruns).toBe(0x1_0003);
  });

  test('are a receive event of the log with bit 4, in their place', async () => {
    await ask(RESTART_AND_CLEAR_LOG);
    await ask('fc:03 start:0000 quantity:0001');
    port.emit('overrun', 2);
    await ask('fc:03 start:0000 quantity:0001');
    // The restart and its reply, a read and its reply, the overrun, a read and its reply, the request of the log.
    expect(await events()).toBe('00408040_90_8040_80'.replaceAll('_', ''));
  });

  test('are that with bit 5, too, in listen-only mode', async () => {
    await ask(RESTART_AND_CLEAR_LOG);
    port.receive(rtuClient.encode({ unit: 1, pdu: hex(LISTEN_ONLY) }));
    await expect.poll(() => server.counters.requests, { interval: 1 }).toBe(2);
    port.emit('overrun', 1);
    port.receive(rtuClient.encode({ unit: 1, pdu: hex(RESTART) }));
    await expect.poll(() => server.counters.requests, { interval: 1 }).toBe(3);
    expect(await events()).toContain('B0');
  });

  test('are not told of any more once the server is closed', async () => {
    await server.close();
    port.emit('overrun', 2);
    expect(server.counters.overruns).toBe(0);
    expect(port.listenerCount('overrun')).toBe(0);
  });

  test('are no errors of communication', async () => {
    port.emit('overrun', 2);
    expect(await ask('fc:08 sub:000C data:0000')).toBe('08000C0000');
    expect(server.counters).toMatchObject({ communicationErrors: 0, overruns: 2 });
  });
});

test('a unit of two servers has the overruns of both', async () => {
  const unit = createCountingUnit();
  const ports = [new FakePort(), new FakePort()];
  for (const port of ports) await createSerial({ port, units: [unit] }).listen();
  ports[0]?.emit('overrun', 2);
  ports[1]?.emit('overrun', 3);
  expect(unit.counters.characterOverruns).toBe(5);
});
