import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import type { Connector, Peer, RunningServer } from './connector.js';
import { describeDiagnostics } from './describe-diagnostics.js';
import {
  changesOf,
  createDevice,
  createProbe,
  createSmallUnit,
  DEVICE_ID,
  effectiveChanges,
  PROBE,
  restore,
} from './device.js';
import type { Vector, VectorTable } from './vector.js';
import { TABLES } from './vectors/index.js';

/** The cases that every transport and framing must pass. */
export function describeConformance(name: string, connector: Connector): void {
  describe(`conformance over ${name}`, () => {
    describeFunctions(connector);
    describeDiagnostics(connector);
  });
}

const SUPPORTED = new Set(TABLES.map(({ code }) => Number.parseInt(code, 16)));
const UNKNOWN_CODES = Array.from({ length: 127 }, (_, index) => index + 1).filter((code) => !SUPPORTED.has(code));

function describeFunctions(connector: Connector): void {
  const device = createDevice();
  let server: RunningServer;
  let peer: Peer;
  beforeAll(async () => {
    server = await connector.start({ units: [device, createSmallUnit(), createProbe()] });
    peer = await server.open();
  });
  afterAll(async () => {
    await peer.close();
    await server.close();
  });
  beforeEach(() => restore(device));

  async function expectReply({ unit = DEVICE_ID, request, reply, changes }: Omit<Vector, 'title'>): Promise<void> {
    const answer = await peer.exchange(unit, hex(request));
    expect(answer && toHex(answer), `reply to ${toHex(hex(request))}`).toBe(toHex(hex(reply)));
    expect(changesOf(device)).toEqual(effectiveChanges(changes));
  }

  describe.each(TABLES)('function code $code, $name', (table) => {
    test.each(table.vectors)('$title', expectReply);
    test('refuses every truncation with 03 and no effect', async () => {
      for (const request of truncations(table)) await expectReply({ request, reply: refusal(table, '03') });
    });
    test('refuses one byte too many with 03 and no effect', async () => {
      for (const request of table.wellFormed) {
        await expectReply({ request: `${request} more:00`, reply: refusal(table, '03') });
      }
    });
  });

  describe('function codes that nobody serves', () => {
    test.each(UNKNOWN_CODES)('refuses code %i with 01, whatever its data', async (code) => {
      for (const data of ['', '00', '0000_0001', 'FF*252']) {
        await expectReply({ request: `fc:${byte(code)} data:${data}`, reply: `fc:${byte(code | 0x80)} exception:01` });
      }
    });
    test('refuses code 0 with 01', async () => {
      for (const data of ['', '00', '0000_0001']) {
        await expectReply({ request: `fc:00 data:${data}`, reply: 'fc:80 exception:01' });
      }
    });
    test('refuses codes 80 to FF, which are no requests, with 01 under the same code', async () => {
      for (let code = 0x80; code <= 0xff; code++) {
        for (const data of ['', '01', '0000_0001']) {
          await expectReply({ request: `fc:${byte(code)} data:${data}`, reply: `fc:${byte(code)} exception:01` });
        }
      }
    });
  });

  test('serves each unit its own data', async () => {
    expect(toHex(await peer.request(PROBE.unit, PROBE.request))).toBe(toHex(PROBE.reply));
    await expectReply({ unit: 2, request: 'fc:06 address:0001 value:0003', reply: 'fc:06 address:0001 value:0003' });
    await expectReply({ unit: 2, request: 'fc:03 start:0001 quantity:0001', reply: 'fc:03 byteCount:02 values:0003' });
  });
}

function truncations({ wellFormed }: VectorTable): string[] {
  return wellFormed.flatMap((request) => {
    const digits = toHex(hex(request));
    return Array.from({ length: digits.length / 2 - 1 }, (_, index) => digits.slice(0, 2 * (index + 1)));
  });
}

function refusal({ code }: VectorTable, exception: string): string {
  return `fc:${byte(Number.parseInt(code, 16) | 0x80)} exception:${exception}`;
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0').toUpperCase();
}
