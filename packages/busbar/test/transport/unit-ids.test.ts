import type { UnknownUnitPolicy } from 'busbar';
import { describe, expect, test } from 'vitest';
import { toHex } from '../helpers/hex.js';
import { createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

/** A unit that can be told by its register 5: it holds 100 times the id. */
function createUnit(id: number) {
  const unit = createCountingUnit(id);
  unit.holdingRegisters.set(5, 100 * id);
  return unit;
}

const FROM = (id: number) => registerReply(100 * id);
const SILENT = undefined;

/** Units in their configured order, the policy, and what unit ids get. */
const CASES: {
  title: string;
  units: number[];
  policy?: UnknownUnitPolicy;
  replies: Record<number, string | undefined>;
}[] = [
  {
    title: 'configured ids are served; 0 and 255 reach the default unit, the first one; others get 0B',
    units: [7, 1, 247],
    replies: { 7: FROM(7), 1: FROM(1), 247: FROM(247), 0: FROM(7), 255: FROM(7), 2: '830B', 248: '830B', 254: '830B' },
  },
  {
    title: 'unit 255 is itself if it is configured',
    units: [7, 255],
    replies: { 255: FROM(255), 0: FROM(7), 1: '830B' },
  },
  { title: 'unit 0 is itself if it is configured', units: [7, 0], replies: { 0: FROM(0), 255: FROM(7), 1: '830B' } },
  {
    title: 'ids 248 to 254 can be configured',
    units: [248, 254],
    replies: { 248: FROM(248), 254: FROM(254), 0: FROM(248), 249: '830B' },
  },
  {
    title: 'unknown ids get 0B by name',
    units: [1],
    policy: 'gatewayTargetFailed',
    replies: { 1: FROM(1), 0: FROM(1), 2: '830B' },
  },
  {
    title: 'unknown ids get 0A if asked for',
    units: [1],
    policy: 'gatewayPathUnavailable',
    replies: { 1: FROM(1), 0: FROM(1), 255: FROM(1), 2: '830A' },
  },
  {
    title: 'unknown ids get silence if asked for',
    units: [1],
    policy: 'silent',
    replies: { 1: FROM(1), 0: FROM(1), 255: FROM(1), 2: SILENT, 254: SILENT },
  },
  {
    title: 'every id reaches the default unit if asked for, but those of other units',
    units: [3, 9],
    policy: 'any',
    replies: { 0: FROM(3), 1: FROM(3), 3: FROM(3), 9: FROM(9), 100: FROM(3), 254: FROM(3), 255: FROM(3) },
  },
];

describe('unit identifiers', () => {
  test.each(CASES)('$title', async ({ units, policy, replies }) => {
    const { connect } = await serve({ units: units.map(createUnit), ...(policy && { unknownUnit: policy }) });
    const client = await connect();
    const [known] = units as [number];
    for (const [id, expected] of Object.entries(replies)) {
      const asked = client.send(Number(id), readRegister(5));
      const behind = client.send(known, readRegister(6));
      const first = await client.next();
      expect([first?.transactionId, first?.unit, first && toHex(first.pdu)], `unit ${id}`).toEqual(
        expected === SILENT ? [behind, known, registerReply(6)] : [asked, Number(id), expected],
      );
      if (expected !== SILENT) expect((await client.next())?.transactionId).toBe(behind);
    }
  });

  test('an unknown unit gets 0B under its own function code, whatever the request', async () => {
    const { connect } = await serve({ units: [createUnit(1)] });
    const client = await connect();
    for (const code of [0x01, 0x03, 0x10, 0x41, 0x2b]) {
      expect(toHex(await client.request(77, Uint8Array.of(code)))).toBe(toHex(Uint8Array.of(code | 0x80, 0x0b)));
    }
  });

  test('the reply to unit 0 or 255 carries that id, not the default unit', async () => {
    const { connect } = await serve({ units: [createUnit(7)] });
    const client = await connect();
    for (const id of [0, 255]) {
      client.send(id, readRegister(5));
      expect((await client.next())?.unit).toBe(id);
    }
  });

  test('writes through 0 and 255 reach the default unit', async () => {
    const unit = createUnit(7);
    const { connect } = await serve({ units: [unit, createUnit(8)] });
    const client = await connect();
    await client.request(0, Uint8Array.of(6, 0, 1, 0x11, 0x11));
    await client.request(255, Uint8Array.of(6, 0, 2, 0x22, 0x22));
    expect(unit.holdingRegisters.getRange(1, 2)).toEqual([0x1111, 0x2222]);
  });
});
