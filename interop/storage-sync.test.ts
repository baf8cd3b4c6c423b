import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRequest, type RequestFields } from 'busbar/protocol';
import { describe, expect, test } from 'vitest';
import { frame, MbapClient } from '../packages/busbar/test/helpers/mbap-client.js';
import { temporaryFolder } from './helpers/folder.js';
import { type Keeping, KeptServer, KINDS } from './storage/kept-server.js';
import { CLIENTS } from './storage/slots.js';
import { type Acknowledged, fateOf, parseCalls, straceArguments } from './storage/system-calls.js';

// A store may seem durable and never ask the disk: what the process asks the system for tells.

const ROUNDS = 4;
const UNIT = 1;

/** Registers that are in no other request. */
function valuesOf(client: number, round: number): number[] {
  const bytes = createHash('sha256').update(`${client} ${round}`).digest();
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i));
}

/** Each function that writes several registers, at a place of the client's own. */
function requestOf(client: number, round: number): RequestFields {
  const [address, values] = [100 * client, valuesOf(client, round)];
  if (round % 3 === 0) return { functionCode: 16, address, values };
  if (round % 3 === 1) return { functionCode: 23, address, quantity: values.length, writeAddress: address, values };
  return { functionCode: 21, groups: [{ file: 1, record: address, length: values.length, values }] };
}

async function writeAs(client: number, port: number): Promise<Acknowledged[]> {
  const connection = await MbapClient.connect({ host: '127.0.0.1', port });
  const acknowledged: Acknowledged[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const id = connection.send(UNIT, encodeRequest(requestOf(client, round)));
    const reply = await connection.next();
    expect(reply).toMatchObject({ transactionId: id });
    acknowledged.push({
      value: Buffer.from(new Uint16Array(valuesOf(client, round)).buffer)
        .swap16()
        .toString('hex'),
      reply: frame(id, UNIT, reply?.pdu ?? Buffer.alloc(0)).toString('hex'),
    });
  }
  await connection.close();
  return acknowledged;
}

async function startTraced(keeping: Keeping, report: string): Promise<KeptServer> {
  try {
    return await KeptServer.start(keeping, ['strace', ...straceArguments(report)]);
  } catch (cause) {
    throw new Error('strace cannot trace the server; in a container, that needs the capability SYS_PTRACE', { cause });
  }
}

/** What became of each acknowledged write of four clients between its value's way to the disk and its reply. */
async function fates(keeping: Omit<Keeping, 'folder'>): Promise<string[]> {
  using reports = temporaryFolder();
  using folder = temporaryFolder();
  const report = join(reports.path, 'calls');
  const server = await startTraced({ ...keeping, folder: folder.path }, report);
  try {
    const acknowledged = await Promise.all(CLIENTS.map((client) => writeAs(client, server.port)));
    await server.end();
    const calls = parseCalls(readFileSync(report, 'utf8'));
    return acknowledged.flat().map((each) => fateOf(calls, folder.path, each));
  } finally {
    await server.end();
  }
}

describe.each(KINDS)('a store of %s', (kind) => {
  const all = (fate: string) => Array<string>(CLIENTS.length * ROUNDS).fill(fate);

  test('is synced before the reply to each write, if it is durable', async () => {
    expect(await fates({ kind, mode: 'durable' })).toEqual(all('synced'));
  });

  test('is written later, if it is not', async () => {
    expect(await fates({ kind, mode: 'interval', interval: 3_600_000 })).toEqual(all('not written'));
  });

  test('is caught if it answers before it has synced', async () => {
    expect(await fates({ kind, lie: 'early' })).not.toEqual(all('synced'));
  });
});
