import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { byte, hex, toHex } from '../helpers/hex.js';
import type { Connector, Peer, RunningServer } from './connector.js';
import { describeDiagnostics } from './describe-diagnostics.js';
import { describePolicies } from './describe-policies.js';
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
    // One server at a time: some transports have room for no other.
    describe('functions', () => describeFunctions(connector));
    describe('diagnostics', () => describeDiagnostics(connector));
    describe('policies of diagnostics', () => describePolicies(connector));
  });
}

const SUPPORTED = new Set(TABLES.map(({ code }) => Number.parseInt(code, 16)));
const UNKNOWN_CODES = Array.from({ length: 127 }, (_, index) => index + 1).filter((code) => !SUPPORTED.has(code));

function describeFunctions(connector: Connector): void {
  const device = createDevice();
  let server: RunningServer;
  let peer: Peer;
  beforeAll(async () => {
    server = await connector.start({ units: [device, createSmallUnit(), createProbe()], diagnostics: 'all' });
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
      for (const request of truncations(table, connector)) {
        await expectReply({ request, reply: refusal(table, '03') });
      }
    });
    // A code with a byte reads like another station's reply where nothing but the code tells the length.
    const extensible = table.wellFormed.filter((request) => !connector.impliedLength || hex(request).length > 1);
    if (extensible.length > 0) {
      test('refuses one byte too many with 03 and no effect', async () => {
        for (const request of extensible) {
          await expectReply({ request: `${request} more:00`, reply: refusal(table, '03') });
        }
      });
    }
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
    const noRequests = noRequestCodes(connector).flatMap((code) =>
      ['', '01', '0000_0001'].map((data) => ({ request: `fc:${code} data:${data}`, reply: `fc:${code} exception:01` })),
    );
    if (connector.passesRefusals) {
      test('passes over codes 80 to FF, which are refusals of others, in silence', async () => {
        for (const { request } of noRequests) {
          expect(await peer.exchange(DEVICE_ID, hex(request)), request).toBeUndefined();
        }
      });
    } else {
      test('refuses codes 80 to FF, which are no requests, with 01 under the same code', async () => {
        for (const exchange of noRequests) await expectReply(exchange);
      });
    }
  });

  test('serves each unit its own data', async () => {
    expect(toHex(await peer.request(PROBE.unit, PROBE.request))).toBe(toHex(PROBE.reply));
    await expectReply({ unit: 2, request: 'fc:06 address:0001 value:0003', reply: 'fc:06 address:0001 value:0003' });
    await expectReply({ unit: 2, request: 'fc:03 start:0001 quantity:0001', reply: 'fc:03 byteCount:02 values:0003' });
  });
}

/** Each request cut short: by every length, or where each takes a silence by those that matter. */
function truncations({ wellFormed }: VectorTable, { impliedLength }: Connector): string[] {
  return wellFormed.flatMap((request) => {
    const { length } = hex(request);
    return Array.from({ length: length - 1 }, (_, index) => index + 1)
      .filter((cut) => !impliedLength || cut < 12 || cut > length - 3)
      .map((cut) => toHex(hex(request).subarray(0, cut)));
  });
}

function noRequestCodes({ impliedLength }: Connector): string[] {
  if (impliedLength) return ['80', '81', '83', '90', 'AB', 'FF'];
  return Array.from({ length: 128 }, (_, index) => byte(0x80 + index));
}

function refusal({ code }: VectorTable, exception: string): string {
  return `fc:${byte(Number.parseInt(code, 16) | 0x80)} exception:${exception}`;
}
