import { ModbusException, Unit } from 'busbar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import type { Connector, Peer, RunningServer } from './connector.js';
import { changesOf, createDevice, createProbe, DEVICE_ID, PROBE } from './device.js';
import { COUNTS, type CountVector, EVENTS, type EventVector, REFUSING_UNIT_ID } from './vectors/counters.js';

const READ = 'fc:03 start:0000 quantity:0001';
const READ_REPLY = '03021000';
const WRITE = 'fc:06 address:0000 value:FFFF';
const LISTEN_ONLY = 'fc:08 subFunction:0004 data:0000';
const RESTART = 'fc:08 subFunction:0001 data:0000';
const RESTART_AND_CLEAR_LOG = 'fc:08 subFunction:0001 data:FF00';
const CLEAR_COUNTERS = 'fc:08 subFunction:000A data:0000';
const EVENT_COUNTER = 'fc:0B';
const EVENT_LOG = 'fc:0C';

/**
 * A unit whose every register refuses with its own address as the exception code; a write to it is refused likewise.
 */
function createRefusingUnit(): Unit {
  const refuse = ({ address }: { address: number }): never => {
    throw new ModbusException(address);
  };
  return new Unit({ id: REFUSING_UNIT_ID, holdingRegisters: { read: refuse, write: refuse } });
}

/** What 07, 08, 0B and 0C must say of the traffic that there has been. Each case has a server of its own. */
export function describeDiagnostics(connector: Connector): void {
  let device: Unit;
  let server: RunningServer;
  let peer: Peer;
  beforeEach(async () => {
    device = createDevice();
    server = await connector.start({ units: [device, createRefusingUnit(), createProbe()], diagnostics: 'all' });
    peer = await server.open();
  });
  afterEach(async () => {
    await peer.close();
    await server.close();
  });

  const ask = async (request: string, unit = DEVICE_ID): Promise<string> =>
    toHex(await peer.request(unit, hex(request)));
  const silent = async (request: string): Promise<void> => {
    expect(await peer.exchange(DEVICE_ID, hex(request)), `reply to ${request}`).toBeUndefined();
  };
  const counter = async (request: string, unit: number): Promise<number> =>
    Number.parseInt((await ask(request, unit)).slice(-4), 16);
  const play = async (traffic: readonly [number, string][]): Promise<void> => {
    for (const [unit, request] of traffic) await ask(request, unit);
  };
  const oldestFirst = async (unit: number): Promise<string> => {
    const events = hex((await ask(EVENT_LOG, unit)).slice(16));
    return toHex(events.reverse());
  };

  describe('counters', () => {
    test.each(COUNTS)('$title', async ({ request, unit = DEVICE_ID, traffic, by }: CountVector) => {
      const before = await counter(request, unit);
      await play(traffic);
      expect(((await counter(request, unit)) - before) & 0xffff).toBe(by);
    });

    test('08/0A clears every counter', async () => {
      await ask('fc:03 start:FFFF quantity:0002');
      await ask(READ);
      await ask(CLEAR_COUNTERS);
      for (const own of ['000D', '000F', '0010', '0011', '0012', '000C']) {
        expect(await counter(`fc:08 subFunction:${own} data:0000`, DEVICE_ID), own).toBe(0);
      }
    });

    // Whether the clearing message is itself the first one counted, the document leaves open.
    test.each([
      ['08/0A', CLEAR_COUNTERS],
      ['08/01', RESTART],
    ])('%s sets the message and event counters back', async (_, clear) => {
      for (let i = 0; i < 10; i++) await ask(READ);
      await ask(clear);
      expect(await counter('fc:08 subFunction:000E data:0000', DEVICE_ID)).toBeLessThanOrEqual(2);
      await ask(clear);
      expect(await counter(EVENT_COUNTER, DEVICE_ID)).toBeLessThanOrEqual(1);
    });

    test('0B reports that nothing is in progress', async () => {
      expect(await ask(EVENT_COUNTER)).toMatch(/^0B0000....$/);
    });
  });

  describe('event log', () => {
    test.each(EVENTS)('$title', async ({ unit = DEVICE_ID, traffic, events }: EventVector) => {
      await ask(RESTART_AND_CLEAR_LOG, unit);
      await play(traffic);
      expect(await oldestFirst(unit)).toMatch(new RegExp(`^(80)?(00)?(40)?${events}(80)?$`));
    });

    test('keeps the 64 newest events', async () => {
      for (let i = 0; i < 40; i++) await ask(READ);
      await ask('fc:03 start:FFFF quantity:0002');
      const log = await ask(EVENT_LOG);
      expect(log.slice(0, 8)).toBe('0C460000');
      expect(log.length / 2).toBe(2 + 0x46);
      expect(log.slice(16)).toMatch(/^(80)?4180(4080)*(40)?$/);
    });

    test('says as many events as 0B, and as many messages as 08/0B', async () => {
      for (let i = 0; i < 5; i++) await ask(READ);
      const events = await counter(EVENT_COUNTER, DEVICE_ID);
      const log = await ask(EVENT_LOG);
      expect(log.slice(4, 8)).toBe('0000');
      expect(Number.parseInt(log.slice(8, 12), 16)).toBe(events);
      expect(await counter('fc:08 subFunction:000B data:0000', DEVICE_ID)).toBe(
        Number.parseInt(log.slice(12, 16), 16) + 1,
      );
    });

    test('is cleared by 08/01 with FF00 and kept by 08/01 with 0000', async () => {
      await ask('fc:03 start:FFFF quantity:0002');
      await ask(RESTART);
      expect(await oldestFirst(DEVICE_ID)).toContain('8041');
      await ask(RESTART_AND_CLEAR_LOG);
      expect(await oldestFirst(DEVICE_ID)).not.toContain('8041');
    });

    test('tells when listen-only mode began and what came in it', async () => {
      await ask(RESTART_AND_CLEAR_LOG);
      await silent(LISTEN_ONLY);
      await silent(READ);
      await silent(RESTART);
      expect(await oldestFirst(DEVICE_ID)).toMatch(/80(40|60)?04(60)?A0(60)?A0(60)?00(40|60)?(80)?$/);
    });
  });

  describe('listen-only mode', () => {
    test('08/04 is not answered', () => silent(LISTEN_ONLY));

    test('executes and answers nothing, whatever the function', async () => {
      await silent(LISTEN_ONLY);
      const requests = [
        READ,
        WRITE,
        LISTEN_ONLY,
        EVENT_COUNTER,
        EVENT_LOG,
        CLEAR_COUNTERS,
        'fc:07',
        'fc:11',
        'fc:41',
        'fc:00',
        'fc:81',
        'fc:03',
      ];
      for (const request of requests) await silent(request);
      await silent('fc:08 subFunction:0000 data:1234');
      await silent('fc:10 start:0000 quantity:0001 byteCount:02 values:FFFF');
      await silent(
        'fc:17 readStart:0000 readQuantity:0001 writeStart:0000 writeQuantity:0001 byteCount:02 values:FFFF',
      );
      expect(changesOf(device)).toEqual({ coils: {}, holdingRegisters: {}, files: {} });
    });

    test.each([RESTART, RESTART_AND_CLEAR_LOG])('ends by %s, which is executed but not answered', async (restart) => {
      await silent(LISTEN_ONLY);
      await silent(READ);
      await silent(restart);
      expect(await ask(READ)).toBe(READ_REPLY);
      expect(await ask(restart)).toBe(toHex(hex(restart)));
    });

    test.each(['fc:08 subFunction:0001 data:1234', 'fc:08 subFunction:0001', 'fc:08 subFunction:0001 data:000000'])(
      'does not end by %s, which is no valid restart',
      async (wrong) => {
        await silent(LISTEN_ONLY);
        await silent(wrong);
        await silent(READ);
        await silent(RESTART);
        expect(await ask(READ)).toBe(READ_REPLY);
      },
    );

    test('is not entered by 08/04 with wrong data', async () => {
      expect(await ask('fc:08 subFunction:0004 data:0001')).toBe('8803');
      expect(await ask(READ)).toBe(READ_REPLY);
    });

    test("is a unit's own: others answer", async () => {
      await silent(LISTEN_ONLY);
      expect(await ask('fc:03 start:0000 quantity:0001', PROBE.unit)).toBe(toHex(PROBE.reply));
    });
  });
}
