import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect as connectSecurely } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND, CommandLog } from './helpers/command-log.js';
import { device } from './helpers/device.js';
import { temporaryFolder } from './helpers/folder.js';
import { openPort } from './helpers/open-port.js';
import { runChecked } from './helpers/process.js';
import { createPtyPair, type PtyPair } from './helpers/pty.js';
import { sealed } from './helpers/rtu.js';
import { complaints, dissectFile, type Fields } from './helpers/tshark.js';

/** What each client asks unit 1 of the sample device, the length of the reply, and what tshark has to read of both. */
const exchanges = [
  {
    request: '0300000003',
    replyLength: 8,
    asked: { 'modbus.func_code': ['3'], 'modbus.reference_num': ['0'], 'modbus.word_cnt': ['3'] },
    answered: { 'modbus.regnum16': ['0', '1', '2'], 'modbus.regval_uint16': ['20', '21', '22'] },
  },
  {
    request: '06006e1234',
    replyLength: 5,
    asked: { 'modbus.func_code': ['6'], 'modbus.reference_num': ['110'], 'modbus.data': ['1234'] },
    answered: { 'modbus.func_code': ['6'], 'modbus.reference_num': ['110'], 'modbus.data': ['1234'] },
  },
  {
    request: '2b0e0400',
    replyLength: 13,
    asked: { 'modbus.mei': ['14'], 'modbus.read_device_id': ['4'] },
    answered: { 'modbus.object_id': ['0'], 'modbus.object_str_value': ['Acme'] },
  },
  {
    request: '04ffff0001',
    replyLength: 2,
    asked: { 'modbus.func_code': ['4'], 'modbus.reference_num': ['65535'] },
    answered: { 'modbus.func_code': ['4'], 'modbus.exception_code': ['2'] },
  },
];

/** Makes a frame of a PDU, which is longer by the same number of bytes for every PDU. */
type Frame = (pdu: Buffer, transaction: number) => Buffer;

const mbap: Frame = (pdu, transaction) => {
  const header = Buffer.alloc(7);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(1, 6);
  return Buffer.concat([header, pdu]);
};
const rtu: Frame = (pdu) => sealed(1, ...pdu);

/** Asks all that there is to ask, one request after another. */
async function converse(stream: Duplex, frame: Frame): Promise<void> {
  for (const [i, { request, replyLength }] of exchanges.entries()) {
    const replied = received(stream, frame(Buffer.alloc(replyLength), 0).length);
    stream.write(frame(Buffer.from(request, 'hex'), 100 + i));
    await replied;
  }
  stream.destroy();
}

/** Resolves when so many bytes have come. */
function received(stream: Duplex, length: number): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    const onData = (chunk: Buffer) => {
      count += chunk.length;
      if (count < length) return;
      stream.off('data', onData);
      resolve();
    };
    stream.on('data', onData);
  });
}

async function converseByDatagrams(port: number): Promise<void> {
  const socket = createSocket('udp4');
  for (const [i, { request }] of exchanges.entries()) {
    const reply = once(socket, 'message');
    socket.send(mbap(Buffer.from(request, 'hex'), 100 + i), port, '127.0.0.1');
    await reply;
  }
  socket.close();
}

const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);
let pair: PtyPair;
let names: string[];
let packets: Fields[];
let code: number | null;

beforeAll(async () => {
  pair = await createPtyPair();
  await runChecked(process.execPath, [COMMAND, 'certs', '--out', folder.path]);
  const listen = [
    { type: 'tcp', port: 0 },
    { type: 'udp', port: 0 },
    { type: 'tls', port: 0, certFile: 'server.pem', keyFile: 'server.key', caFile: 'ca.pem' },
    { type: 'tcp', port: 0, framing: 'rtu' },
    { type: 'serial', path: pair.a },
  ];
  writeFileSync(file('device.json'), JSON.stringify({ ...device, listen }));
  const command = new CommandLog(['serve', '--config', file('device.json'), '--pcap', file('plant.pcapng')]);
  try {
    const listening = (await command.until('serving')).filter(({ event }) => event === 'listening');
    names = listening.map(({ listener }) => String(listener));
    await converseWithAll(listening.map(({ port }) => Number(port)));
  } finally {
    code = await command.stop();
  }
  packets = await dissectFile(file('plant.pcapng'), ['-o', 'mbrtu.tcp.port:502', '-o', 'mbrtu.crc_verification:TRUE']);
});
afterAll(async () => {
  await pair?.remove();
  folder.remove();
});

async function converseWithAll([tcp, udp, tls, rtuOverTcp]: number[]): Promise<void> {
  await converse(connectPlain(tcp, '127.0.0.1'), mbap);
  await converseByDatagrams(udp);
  const [ca, cert, key] = ['ca.pem', 'client.pem', 'client.key'].map((name) => readFileSync(file(name)));
  await converse(connectSecurely({ host: '127.0.0.1', port: tls, ca, cert, key }), mbap);
  await converse(connectPlain(rtuOverTcp, '127.0.0.1'), rtu);
  await converse(await openPort(pair.b), rtu);
}

/** Packets of each listener, in the order of the config. */
const packetsOf = (listener: number) =>
  packets.slice(2 * exchanges.length * listener, 2 * exchanges.length * (listener + 1));

test('the command ends well, and tshark finds a packet for each request and each reply, and no fault in any', () => {
  expect(code).toBe(0);
  expect(packets).toHaveLength(2 * exchanges.length * names.length);
  expect(packets.flatMap(complaints)).toEqual([]);
});

describe.each([
  ['TCP', 0, 'mbtcp'],
  ['UDP', 1, 'mbudp'],
  ['TLS, in the clear', 2, 'mbtcp'],
  ['RTU frames over TCP', 3, 'mbrtu'],
  ['a serial line', 4, 'mbrtu'],
])('in the capture of a server tshark reads what has gone over %s', (_, listener, dissector) => {
  test('by the dissector of that, on an interface with the name of the listener', () => {
    for (const packet of packetsOf(listener)) {
      expect(packet['frame.protocols']).toEqual([`exported_pdu:${dissector}:modbus`]);
      expect(packet['frame.interface_name']).toEqual([names[listener]]);
    }
  });

  test.each(exchanges.map(({ request }, i) => [request, i] as const))('%s with its reply', (_, i) => {
    const [request, reply] = packetsOf(listener).slice(2 * i);
    const common =
      dissector === 'mbrtu'
        ? { 'mbrtu.unit_id': ['1'], 'mbrtu.crc16.status': ['1'] }
        : { 'mbtcp.unit_id': ['1'], 'mbtcp.prot_id': ['0'], 'mbtcp.trans_id': [String(100 + i)] };
    expect(request).toMatchObject({ ...common, ...exchanges[i].asked });
    expect(reply).toMatchObject({ ...common, ...exchanges[i].answered });
  });

  test('and the request of every reply that is no exception', () => {
    const first = packets.indexOf(packetsOf(listener)[0]) + 1;
    const found = packetsOf(listener).map((packet) => packet['modbus.request_frame']?.[0]);
    const pairs = exchanges.flatMap((_, i) => [undefined, String(first + 2 * i)]);
    expect(found).toEqual([...pairs.slice(0, -1), undefined]);
  });
});
