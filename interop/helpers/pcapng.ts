import { readFileSync } from 'node:fs';

/** One side of an exported PDU, as far as its tags tell. */
interface CapturedSide {
  address?: string;
  port?: number;
}

interface CapturedTags {
  dissector: string;
  transport?: 'tcp' | 'udp';
  source: CapturedSide;
  destination: CapturedSide;
}

export interface Captured extends CapturedTags {
  /** Name of its interface. */
  on: string;
  /** Milliseconds since the epoch. */
  time: number;
  bytes: Buffer;
  comment?: string;
  direction?: 'in' | 'out';
}

export interface Capture {
  application: string;
  interfaces: { name: string; description?: string }[];
  packets: Captured[];
}

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;
const UPPER_PDU = 252;
const PORT_TYPES: Record<number, 'tcp' | 'udp'> = { 2: 'tcp', 3: 'udp' };
const DIRECTIONS: Record<number, 'in' | 'out'> = { 1: 'in', 2: 'out' };

/** Reads a capture of Busbar, and throws at whatever a strict reader of pcapng could stumble over. */
export function readCapture(path: string): Capture {
  const bytes = readFileSync(path);
  const [section, ...blocks] = blocksIn(bytes);
  const capture: Capture = { application: readSection(section), interfaces: [], packets: [] };
  for (const { type, body } of blocks) {
    if (type === INTERFACE) capture.interfaces.push(readInterface(body));
    else if (type === PACKET) capture.packets.push(readPacket(body, capture.interfaces));
    else throw new Error(`a block of type ${type}`);
  }
  return capture;
}

interface Block {
  type: number;
  body: Buffer;
}

function blocksIn(bytes: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    demand(length >= 12 && length % 4 === 0 && at + length <= bytes.length, `a block of ${length} bytes at ${at}`);
    demand(bytes.readUInt32BE(at + length - 4) === length, `two lengths of the block at ${at}`);
    blocks.push({ type: bytes.readUInt32BE(at), body: bytes.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

/** @returns what has written it. */
function readSection({ type, body }: Block): string {
  demand(type === SECTION && body.readUInt32BE(0) === 0x1a2b3c4d, 'no section header of this byte order');
  demand(body.readUInt32BE(4) === 0x0001_0000, 'another version than 1.0');
  demand(body.readBigInt64BE(8) === -1n, 'a section length');
  const options = optionsIn(body.subarray(16), [4]);
  return text(options, 4) ?? '';
}

function readInterface(body: Buffer): Capture['interfaces'][number] {
  demand(body.readUInt16BE(0) === UPPER_PDU && body.readUInt16BE(2) === 0, 'a link that has no exported PDUs');
  demand(body.readUInt32BE(4) === 0, 'a longest packet');
  const options = optionsIn(body.subarray(8), [2, 3, 9]);
  demand(options.get(9)?.toString('hex') === '06', 'times that are no microseconds');
  const description = text(options, 3);
  return { name: text(options, 2) ?? '', ...(description !== undefined && { description }) };
}

function readPacket(body: Buffer, interfaces: Capture['interfaces']): Captured {
  const [from, length, original] = [0, 12, 16].map((at) => body.readUInt32BE(at));
  demand(from < interfaces.length, `the interface ${from} of ${interfaces.length}`);
  demand(length === original && 20 + length <= body.length, `a packet of ${length} bytes`);
  const [data, rest] = [body.subarray(20, 20 + length), body.subarray(20 + length)];
  const padding = -length & 3;
  demandZeros(rest.subarray(0, padding));
  const options = rest.length === padding ? new Map<number, Buffer>() : optionsIn(rest.subarray(padding), [1, 2]);
  const [comment, flags] = [text(options, 1), options.get(2)?.readUInt32BE(0)];
  return {
    on: interfaces[from].name,
    time: (body.readUInt32BE(4) * 0x1_0000_0000 + body.readUInt32BE(8)) / 1000,
    ...readTags(data),
    ...(comment !== undefined && { comment }),
    ...(flags !== undefined && { direction: DIRECTIONS[flags] }),
  };
}

/** @param known their codes, each of which may come once; the last one is the end of options. */
function optionsIn(bytes: Buffer, known: number[]): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    const end = at + 4 + length;
    at = end + (-length & 3);
    demandZeros(bytes.subarray(end, at));
    if (code === 0) {
      demand(at === bytes.length && length === 0, 'something behind the end of options');
      return options;
    }
    demand(known.includes(code) && !options.has(code), `the option ${code}`);
    options.set(code, bytes.subarray(end - length, end));
  }
  throw new Error('options without an end');
}

function text(options: Map<number, Buffer>, code: number): string | undefined {
  const bytes = options.get(code);
  return bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Tags of an exported PDU: lengths count their padding. */
function readTags(data: Buffer): CapturedTags & { bytes: Buffer } {
  const tags = new Map<number, Buffer>();
  let at = 0;
  for (let code = -1; code !== 0; ) {
    code = data.readUInt16BE(at);
    const length = data.readUInt16BE(at + 2);
    demand(length % 4 === 0 && !tags.has(code), `the tag ${code} with ${length} bytes`);
    tags.set(code, data.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const name = tags.get(12)?.toString('latin1').replace(/\0*$/, '') ?? '';
  const type = tags.get(24)?.readUInt32BE(0);
  return {
    dissector: name,
    ...(type !== undefined && { transport: PORT_TYPES[type] }),
    source: side(tags, 20, 22, 25),
    destination: side(tags, 21, 23, 26),
    bytes: data.subarray(at),
  };
}

function side(tags: Map<number, Buffer>, ipv4: number, ipv6: number, portAt: number): CapturedSide {
  const port = tags.get(portAt)?.readUInt32BE(0);
  const address = tags.get(ipv4)?.join('.') ?? tags.get(ipv6)?.toString('hex');
  return { ...(address !== undefined && { address }), ...(port !== undefined && { port }) };
}

function demandZeros(bytes: Buffer): void {
  demand(
    bytes.every((byte) => byte === 0),
    'a padding that is not zero',
  );
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`the capture has ${otherwise}`);
}
