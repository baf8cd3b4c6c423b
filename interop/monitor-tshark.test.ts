import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from './helpers/command-log.js';
import { temporaryFolder } from './helpers/folder.js';
import { fieldsOf } from './helpers/modbus-fields.js';
import { MonitoredLine } from './helpers/monitored-line.js';
import { sealed } from './helpers/rtu.js';
import { complaints, dissectFile, type Fields } from './helpers/tshark.js';

/** What passes on the line: a unit, its request and its reply, as hex. */
const exchanges: [title: string, unit: number, request: string, reply: string][] = [
  ['01 read coils', 2, '0100130013', '0103cd6b05'],
  ['02 read discrete inputs', 3, '0200c40008', '0201ac'],
  ['03 read holding registers', 2, '0300000003', '0306001400150016'],
  ['04 read input registers', 17, '0400080001', '0402ffff'],
  ['05 write single coil', 3, '0500acff00', '0500acff00'],
  ['05 write single coil, off', 3, '0500ac0000', '0500ac0000'],
  ['06 write single register', 247, '06fffe1234', '06fffe1234'],
  ['07 read exception status', 2, '07', '076d'],
  ['08/00 return query data', 17, '080000a5370102', '080000a5370102'],
  ['08/0B return bus message count', 17, '08000b0000', '08000b0007'],
  ['0B get comm event counter', 2, '0b', '0bffff0108'],
  ['0C get comm event log', 2, '0c', '0c080000010801212000'],
  ['0F write multiple coils', 3, '0f0013000a02cd01', '0f0013000a'],
  ['10 write multiple registers', 3, '100001000204000a0102', '1000010002'],
  ['11 report server id', 17, '11', '110711ff41636d6520'],
  ['14 read file record', 2, '140706000400010002', '140605060dfe0020'],
  ['15 write file record', 2, '150b0600040007000206af04be', '150b0600040007000206af04be'],
  ['16 mask write register', 17, '16000400f20025', '16000400f20025'],
  ['17 read/write multiple registers', 17, '1700030002000e00010200ff', '170400fe0acd'],
  ['18 read FIFO queue', 2, '1804de', '180006000201b81284'],
  ['2B/0E read device identification', 3, '2b0e0100', '2b0e0181000002000441636d650102422d'],
  ['65 of nobody', 3, '650102', '6503'],
  ['exception 02 to 01', 2, '0100130013', '8102'],
  ['exception 03 to 10', 3, '100001000204000a0102', '9003'],
  ['exception 0B to 03', 99, '0300000001', '830b'],
  ['exception 01 to 65', 17, '65', 'e501'],
];
/** Without a reply. */
const BROADCAST = frame(0, '0600010003');
const UNANSWERED = frame(9, '0300000001');
const NOISE = Buffer.from('ff00fe', 'hex');

function frame(unit: number, pdu: string): Buffer {
  return sealed(unit, ...Buffer.from(pdu, 'hex'));
}

const RTU = ['-o', 'mbrtu.tcp.port:502', '-o', 'mbrtu.crc_verification:TRUE'];

const folder = temporaryFolder();
const pcap = join(folder.path, 'bus.pcapng');
/** What the monitor says of each frame, and tshark of each packet. */
const log: Entry[] = [];
let packets: Fields[];
let code: number | null;

beforeAll(async () => {
  const line = await MonitoredLine.start(pcap);
  const frames = exchanges.flatMap(([, unit, request, reply]) => [frame(unit, request), frame(unit, reply)]);
  try {
    for (const bytes of [...frames, BROADCAST, UNANSWERED, NOISE]) log.push(await line.put(bytes));
  } finally {
    code = await line.stop();
  }
  packets = await dissectFile(pcap, RTU);
});
afterAll(folder.remove);

/** tshark 4.0 takes no frame of four bytes for Modbus. */
const isTooShort = ({ pdu }: Entry) => String(pdu).length === 2;

test('the monitor ends well, and tshark finds a packet for everything that it told', () => {
  expect(code).toBe(0);
  expect(log.map(({ kind }) => kind)).toEqual([
    ...exchanges.flatMap(() => ['request', 'reply']),
    ...['request', 'request', undefined],
  ]);
  expect(packets).toHaveLength(log.length);
});

describe('tshark reads from the capture of a line what the log says of', () => {
  test.each(exchanges.map(([title], i) => [title, i] as const))('%s', (_, i) => {
    for (const at of [2 * i, 2 * i + 1]) {
      const read = { ...fieldsOf(log[at]), 'frame.protocols': ['exported_pdu:mbrtu:modbus'] };
      expect(packets[at]).toMatchObject(isTooShort(log[at]) ? { 'frame.protocols': ['exported_pdu:data'] } : read);
      expect(complaints(packets[at])).toEqual([]);
    }
  });
});

test('tshark finds the request of every reply that is no exception', () => {
  for (const [i, [title]] of exchanges.entries()) {
    const [request, reply] = log.slice(2 * i);
    const isFound = reply.exceptionCode === undefined && !isTooShort(request);
    expect(packets[2 * i + 1]['modbus.request_frame'], title).toEqual(isFound ? [String(2 * i + 1)] : undefined);
  }
});

test('the comment of each packet says what it is, and its interface is the line', () => {
  for (const [i, { kind, unit, message, bytes }] of log.entries()) {
    const comment = bytes === undefined ? `${kind}, unit ${unit}: ${message}` : '3 bytes outside all intact frames';
    expect(packets[i]['frame.comment']).toEqual([comment]);
    expect(packets[i]['frame.interface_name']).toEqual(packets[0]['frame.interface_name']);
  }
});

test('a broadcast, which tshark 4.0 does not dissect, and noise are there with their bytes', () => {
  const [broadcast, unanswered, noise] = packets.slice(-3);
  expect(broadcast).toMatchObject({ 'data.data': [BROADCAST.toString('hex')] });
  expect(unanswered).toMatchObject(fieldsOf(log[log.length - 2]));
  expect(noise).toMatchObject({ 'frame.protocols': ['exported_pdu:data'], 'data.data': [NOISE.toString('hex')] });
});

test('without any preference tshark takes the frames for Modbus RTU all the same', async () => {
  const plain = await dissectFile(pcap);
  for (const [i, packet] of plain.entries()) expect(packet['frame.protocols']).toEqual(packets[i]['frame.protocols']);
});

test('frames of ASCII are read like the frames of RTU that say the same', async () => {
  const file = join(folder.path, 'ascii.pcapng');
  const line = await MonitoredLine.start(file, 'ascii');
  const told: Entry[] = [];
  try {
    for (const [, unit, request, reply] of exchanges) {
      for (const pdu of [request, reply]) told.push(await line.put(asciiFrame(unit, pdu)));
    }
  } finally {
    await line.stop();
  }
  const read = await dissectFile(file, RTU);
  expect(read).toHaveLength(told.length);
  for (const [i, entry] of told.entries()) {
    if (!isTooShort(entry)) expect(read[i]).toMatchObject(fieldsOf(entry));
  }
});

function asciiFrame(unit: number, pdu: string): Buffer {
  const bytes = [unit, ...Buffer.from(pdu, 'hex')];
  const lrc = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return Buffer.from(
    `:${Buffer.from([...bytes, lrc])
      .toString('hex')
      .toUpperCase()}\r\n`,
  );
}
