import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A client that is connected; destroy it at the end. */
export function connected(port: number, host = '127.0.0.1', localAddress?: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const from = localAddress === undefined ? {} : { localAddress };
    const socket: Socket = connect({ host, port, allowHalfOpen: true, ...from }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** A client on a Unix domain socket. */
export function connectedTo(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Sends one request PDU in hex to a unit, and returns the PDU of its reply in hex. */
export async function request(socket: Socket, unit: number, pdu: string): Promise<string> {
  const reply = firstFrame(socket);
  socket.write(mbapFrame(unit, pdu));
  return await reply;
}

function mbapFrame(unit: number, pdu: string): Buffer {
  const body = Buffer.from(pdu, 'hex');
  const header = Buffer.alloc(7);
  header.writeUInt16BE(body.length + 1, 4);
  header.writeUInt8(unit, 6);
  return Buffer.concat([header, body]);
}

/** Sends one request in a datagram, and returns the PDU of its reply in hex. */
export async function askByDatagram(port: number, unit: number, pdu: string): Promise<string> {
  const socket = createSocket('udp4');
  try {
    const reply = once(socket, 'message');
    socket.send(mbapFrame(unit, pdu), port, '127.0.0.1');
    const [bytes]: Buffer[] = await reply;
    return bytes.subarray(7).toString('hex');
  } finally {
    socket.close();
  }
}

/** Sends bytes in hex, and returns those of the reply as soon as there are this many. */
export function exchange(stream: Duplex, bytes: string, length: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onClose = () => reject(new Error('closed without a reply'));
    const onData = (chunk: Uint8Array) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < length) return;
      stream.off('data', onData).off('close', onClose);
      resolve(received.toString('hex'));
    };
    stream.on('data', onData).on('close', onClose);
    stream.write(Buffer.from(bytes, 'hex'));
  });
}

function firstFrame(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onClose = () => reject(new Error('closed without a reply'));
    const onData = (chunk: Uint8Array) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 6 || received.length < 6 + received.readUInt16BE(4)) return;
      socket.off('data', onData).off('close', onClose);
      resolve(received.subarray(7).toString('hex'));
    };
    socket.on('data', onData).on('close', onClose);
  });
}

/** Connects, asks once and closes. */
export async function ask(port: number, unit: number, pdu: string, host?: string): Promise<string> {
  const socket = await connected(port, host);
  try {
    return await request(socket, unit, pdu);
  } finally {
    socket.destroy();
  }
}

/** Appends the CRC to a frame in hex. */
export function rtu(frame: string): string {
  let crc = 0xffff;
  for (const byte of Buffer.from(frame, 'hex')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return (
    frame +
    crc
      .toString(16)
      .padStart(4, '0')
      .replace(/(..)(..)/, '$2$1')
  );
}
