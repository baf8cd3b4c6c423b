import { once } from 'node:events';
import { connect } from 'node:net';

const HEADER = 6;

/** A PDU, given in hex, to unit 1 in a Modbus/TCP frame. */
export function frame(pdu: string, transactionId: number): Buffer {
  const bytes = Buffer.from(pdu, 'hex');
  const header = Buffer.alloc(HEADER + 1);
  header.writeUInt16BE(transactionId, 0);
  header.writeUInt16BE(bytes.length + 1, 4);
  header.writeUInt8(1, 6);
  return Buffer.concat([header, bytes]);
}

/** The complete frames at the start of what has come. */
function framesIn(received: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + HEADER <= received.length; ) {
    const end = at + HEADER + received.readUInt16BE(at + 4);
    if (end > received.length) break;
    frames.push(received.subarray(at, end));
    at = end;
  }
  return frames;
}

/** Sends the requests in one go and returns as many replies; rejects where the connection ends before. */
export async function exchange(port: number, requests: Buffer[]): Promise<Buffer[]> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(Buffer.concat(requests));
  let received: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    const replies = framesIn(received);
    if (replies.length >= requests.length) return replies; // leaving the loop destroys the socket
  }
  throw new Error(`the server closed the connection after ${framesIn(received).length} of ${requests.length} replies`);
}
