import { ModbusTcpServer } from 'busbar';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevice, createProbe, DEVICE_ID, PROBE } from '../conformance/device.js';
import { toHex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { portOf } from '../helpers/served.js';
import { anyPdu } from './random-pdus.js';
import { propertyRuns } from './runs.js';

/** How many bytes ahead one cut is from the one before it. */
const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 });

function pieces(bytes: Uint8Array, steps: readonly number[]): Uint8Array[] {
  const result: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const step = steps[index % steps.length] ?? bytes.length;
    result.push(bytes.subarray(at, at + step));
    at += step;
  }
  return result;
}

describe('random byte streams', () => {
  const server = new ModbusTcpServer({ units: [createDevice(), createProbe()], host: '127.0.0.1', port: 0 });
  let bystander: MbapClient;
  const connect = () => MbapClient.connect({ host: '127.0.0.1', port: portOf(server) });
  beforeAll(async () => {
    await server.listen();
    bystander = await connect();
  });
  afterAll(() => server.shutdown());

  async function bystanderIsServed(): Promise<void> {
    expect(toHex(await bystander.request(PROBE.unit, PROBE.request))).toBe(toHex(PROBE.reply));
  }

  test('noise in any pieces ends at most its own connection', { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 2000, size: 'max' }), cuts, async (bytes, steps) => {
      const client = await connect();
      for (const piece of pieces(bytes, steps)) client.write(piece);
      client.socket.end();
      await client.closed;
      await bystanderIsServed();
    });
    await fc.assert(property, propertyRuns(100));
  });

  test('frames in any pieces get the same bytes back as frames in one piece', { timeout: 3_600_000 }, async () => {
    // Reads only, so that both streams meet the same data.
    const requests = fc.array(
      anyPdu.filter((pdu) => pdu.length > 0 && (pdu[0] ?? 0) <= 4),
      { minLength: 1, maxLength: 20 },
    );
    const property = fc.asyncProperty(requests, cuts, async (pdus, steps) => {
      const stream = Buffer.concat(pdus.map((pdu, index) => frame(index, DEVICE_ID, pdu)));
      const whole = await playPieces(await connect(), [stream]);
      expect(await playPieces(await connect(), pieces(stream, steps))).toEqual(whole);
      expect(whole).toHaveLength(pdus.length);
    });
    await fc.assert(property, propertyRuns(100));
  });
});

async function playPieces(client: MbapClient, parts: readonly Uint8Array[]): Promise<string[]> {
  for (const part of parts) await client.writeFlushed(part);
  client.socket.end();
  const replies: string[] = [];
  for (let reply = await client.next(); reply !== undefined; reply = await client.next()) {
    replies.push(`${reply.transactionId} ${reply.unit} ${toHex(reply.pdu)}`);
  }
  await client.close();
  return replies;
}
