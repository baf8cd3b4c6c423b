/** One ADU on the wire, and which side sent it. */
export interface Segment {
  from: 'client' | 'server';
  bytes: Buffer;
}

const LINK_TYPE_RAW_IP = 101;
const CLIENT_PORT = 40000;
/** tshark tells requests from replies by this port, its default. */
const SERVER_PORT = 502;
const IPV4_HEADER = 20;
const TCP_HEADER = 20;
const PSH_ACK = 0x18;

/**
 * A capture file of one TCP connection with a segment for each ADU: nothing needs the right to capture real traffic.
 */
export function captureFile(segments: Segment[]): Buffer {
  const sent = { client: 1, server: 1 };
  const records = segments.map(({ from, bytes }, index) => {
    const acknowledged = sent[from === 'client' ? 'server' : 'client'];
    const packet = Buffer.concat([ipv4Header(from, bytes.length), tcpHeader(from, sent[from], acknowledged), bytes]);
    sent[from] += bytes.length;
    return Buffer.concat([recordHeader(index, packet.length), packet]);
  });
  return Buffer.concat([fileHeader(), ...records]);
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4); // version 2.4
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16); // longest packet
  header.writeUInt32LE(LINK_TYPE_RAW_IP, 20);
  return header;
}

/** One millisecond between packets, so that they have an order in time. */
function recordHeader(index: number, length: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(1000 * index, 4);
  header.writeUInt32LE(length, 8);
  header.writeUInt32LE(length, 12);
  return header;
}

function ipv4Header(from: Segment['from'], payload: number): Buffer {
  const header = Buffer.alloc(IPV4_HEADER);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(IPV4_HEADER + TCP_HEADER + payload, 2);
  header.writeUInt8(64, 8); // time to live
  header.writeUInt8(6, 9); // TCP
  header.set(from === 'client' ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1], 12);
  return header;
}

function tcpHeader(from: Segment['from'], sequence: number, acknowledged: number): Buffer {
  const header = Buffer.alloc(TCP_HEADER);
  header.writeUInt16BE(from === 'client' ? CLIENT_PORT : SERVER_PORT, 0);
  header.writeUInt16BE(from === 'client' ? SERVER_PORT : CLIENT_PORT, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(acknowledged, 8);
  header.writeUInt8(0x50, 12);
  header.writeUInt8(PSH_ACK, 13);
  header.writeUInt16BE(65535, 14); // window
  return header;
}
