import { ModbusTcpServer, type Unit } from 'busbar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCKS, createDevice, DEVICE_ID, FILES } from '../conformance/device.js';
import { toHex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { ReferenceDevice } from '../helpers/reference.js';
import { portOf } from '../helpers/served.js';
import { anyPdu } from './random-pdus.js';
import { propertyCases, propertyRuns } from './runs.js';

const PDUS_PER_RUN = 100;
const RESTART = Uint8Array.of(0x08, 0x00, 0x01, 0x00, 0x00);

describe('random PDUs', () => {
  test('get the replies, the silences and the effects that the reference device says', {
    timeout: 3_600_000,
  }, async () => {
    let cases = 0;
    const pdus = fc.array(anyPdu, { minLength: 1, maxLength: 2 * PDUS_PER_RUN, size: 'max' });
    const property = fc.asyncProperty(pdus, async (batch) => {
      cases += batch.length;
      await playOnFreshServer(batch);
    });
    await fc.assert(property, propertyRuns(PDUS_PER_RUN / 2));
    expect(cases).toBeGreaterThanOrEqual(propertyCases());
  });
});

async function playOnFreshServer(pdus: readonly Uint8Array[]): Promise<void> {
  const device = createDevice();
  const reference = new ReferenceDevice();
  const server = new ModbusTcpServer({ units: [device], diagnostics: 'all', host: '127.0.0.1', port: 0 });
  await server.listen();
  try {
    const address = { host: '127.0.0.1', port: portOf(server) };
    for (const batch of split(pdus)) await play(batch, await MbapClient.connect(address), reference);
    expect(wrongCells(device, reference)).toEqual([]);
  } finally {
    await server.shutdown();
  }
}

/** An empty PDU is no frame: it ends its connection. So each batch has at most one, as its last. */
function split(pdus: readonly Uint8Array[]): Uint8Array[][] {
  const batches: Uint8Array[][] = [[]];
  for (const pdu of pdus) {
    batches.at(-1)?.push(pdu);
    if (pdu.length === 0) batches.push([]);
  }
  return batches;
}

/** Sends all at once and compares what comes until the server, too, has ended. */
async function play(batch: readonly Uint8Array[], client: MbapClient, reference: ReferenceDevice): Promise<void> {
  const requests = [...batch, RESTART];
  client.socket.end(Buffer.concat(requests.map((pdu, index) => frame(index, DEVICE_ID, pdu))));
  try {
    for (const [index, pdu] of requests.entries()) {
      if (pdu.length === 0) break;
      await compare(client, index, pdu, reference.answer(pdu));
    }
    expect(await client.next(), 'a frame behind the last reply').toBeUndefined();
  } finally {
    await client.close();
  }
}

async function compare(
  client: MbapClient,
  index: number,
  pdu: Uint8Array,
  expected: string | RegExp | undefined,
): Promise<void> {
  if (expected === undefined) return;
  const reply = await client.next();
  const context = `reply to request ${index}, ${toHex(pdu)}`;
  expect([reply?.transactionId, reply?.protocolId, reply?.unit], context).toEqual([index, 0, DEVICE_ID]);
  if (expected instanceof RegExp) expect(reply && toHex(reply.pdu), context).toMatch(expected);
  else expect(reply && toHex(reply.pdu), context).toBe(expected);
}

/** What the device holds beside what the reference holds. */
function wrongCells(device: Unit, reference: ReferenceDevice): string[] {
  const wrong: string[] = [];
  const check = (table: string, start: number, values: readonly (number | boolean)[] = []) => {
    values.forEach((value, index) => {
      const name = `${table}/${start + index}`;
      if (reference.cells.get(name) !== Number(value))
        wrong.push(`${name}: ${value}, not ${reference.cells.get(name)}`);
    });
  };
  for (const { start, values } of BLOCKS.coils) check('coils', start, device.coils.getRange(start, values.length));
  for (const { start, values } of BLOCKS.holdingRegisters) {
    check('holdingRegisters', start, device.holdingRegisters.getRange(start, values.length));
  }
  for (const { number, start, values } of FILES) {
    check(`file${number}`, start, device.files.get(number)?.getRange(start, values.length));
  }
  return wrong;
}
