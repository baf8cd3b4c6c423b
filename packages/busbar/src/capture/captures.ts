import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AddressInfo } from 'node:net';
import type { Framing } from '../framing/framing.js';
import { mbap } from '../framing/mbap.js';
import { rtu } from '../framing/rtu/rtu.js';
import type { BusFrame, BusMonitor, BusNoise } from '../monitor/monitor.js';
import type { Peer } from '../peer.js';
import { decodeReply, decodeRequest } from '../protocol/decode.js';
import { describeReply, describeRequest } from '../protocol/describe.js';
import type { PassedMessage, TraceMessage } from '../server/trace.js';
import type { CaptureFile } from './capture-file.js';
import { type CapturedPacket, type Endpoint, enhancedPacket, interfaceDescription, sectionHeader } from './pcapng.js';

/** A server, as captures use it. */
export interface CapturedServer {
  address(): AddressInfo | string | null;
}

/** Ends a capture; the file stays open. */
export type StopCapture = () => void;

const LF = 0x0a;
const SERVER_DESCRIPTION = 'Modbus server of Busbar; its port is written as 502';

/**
 * Writes everything that a monitor hears, noise included. Wireshark does not know ASCII framing, so ASCII frames are
 * written as the equivalent RTU frames.
 * @param name of the interface in the capture.
 */
export function captureMonitor(file: CaptureFile, monitor: BusMonitor, name: string): StopCapture {
  const interfaceId = file.addInterface(name, 'Modbus serial line, listened to by Busbar');
  const onFrame = (frame: BusFrame) => file.add({ interfaceId, time: frame.start, ...busPacket(frame) });
  const onNoise = ({ start, bytes }: BusNoise) => {
    const comment = `${bytes.length} bytes outside all intact frames`;
    file.add({ interfaceId, time: start, dissector: 'data', bytes, comment });
  };
  monitor.on('frame', onFrame).on('noise', onNoise);
  return () => void monitor.off('frame', onFrame).off('noise', onNoise);
}

/**
 * Writes every intact request to a server and every reply, without TLS encryption, and on a shared line also the
 * traffic of other stations.
 * @param name of the interface in the capture.
 */
export function captureServer(file: CaptureFile, server: CapturedServer, name: string): StopCapture {
  const interfaceId = file.addInterface(name, SERVER_DESCRIPTION);
  const packets = new ServerPackets(server);
  const add = (packet: Packet) => file.add({ interfaceId, time: now(), ...packet });
  const exchanged = (message: TraceMessage, isRequest: boolean) => {
    if (message.server === server) add(packets.exchanged(message, isRequest));
  };
  const passed = (message: PassedMessage) => {
    if (message.server === server) add(passedPacket(message));
  };
  const listeners: [string, (message: unknown) => void][] = [
    ['busbar:request', (message) => exchanged(message as TraceMessage, true)],
    ['busbar:reply', (message) => exchanged(message as TraceMessage, false)],
    ['busbar:passed', (message) => passed(message as PassedMessage)],
  ];
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  };
}

/** A frame of a trace that a program has kept. */
export interface KeptFrame {
  readonly server: CapturedServer;
  /** Of the interface in the capture; the first one of each server counts. */
  readonly name: string;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  readonly isRequest: boolean;
  readonly message: TraceMessage | PassedMessage;
}

/** The bytes of a capture file with these frames, part by part, as `captureServer` writes them. */
export function* captureFrames(frames: Iterable<KeptFrame>): Generator<Uint8Array> {
  const servers = new Map<CapturedServer, { interfaceId: number; packets: ServerPackets }>();
  yield sectionHeader();
  for (const { server, name, time, isRequest, message } of frames) {
    const known = servers.get(server);
    const { interfaceId, packets } = known ?? { interfaceId: servers.size, packets: new ServerPackets(server) };
    if (known === undefined) {
      servers.set(server, { interfaceId, packets });
      yield interfaceDescription(name, SERVER_DESCRIPTION);
    }
    const packet = 'kind' in message ? passedPacket(message) : packets.exchanged(message, isRequest);
    yield enhancedPacket({ interfaceId, time, ...packet });
  }
}

type Packet = Omit<CapturedPacket, 'interfaceId' | 'time'>;

/** Makes packets from the traces of a server. */
class ServerPackets {
  readonly #server: CapturedServer;
  /** Asked for once, as that is a call to the system; a closing server, which still replies, has none any more. */
  #address: ReturnType<CapturedServer['address']> = null;

  constructor(server: CapturedServer) {
    this.#server = server;
  }

  exchanged(message: TraceMessage, isRequest: boolean): Packet {
    const { peer, framing, sent } = message;
    const direction = isRequest ? 'in' : 'out';
    if (sent !== undefined) return { ...hookedPacket(message, sent), direction };
    if (framing !== 'mbap') return { ...ownPacket(message, isRequest), ...this.#endpoints(peer), direction };
    return { ...mbapPacket(message), isRequest, ...this.#endpoints(peer), direction };
  }

  #endpoints({ address, port }: Peer): { client: Endpoint; server: Endpoint } {
    this.#address ??= this.#server.address();
    const own = this.#address;
    const server = typeof own === 'object' && own !== null && !isAny(own.address) ? { address: own.address } : {};
    return { client: { ...(address && { address }), ...(port && { port }) }, server };
  }
}

/** The addresses that mean every interface: no packet goes to them. */
function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function mbapPacket({ peer, transactionId, unitId, pdu }: TraceMessage): Packet {
  const bytes = sealed(mbap, pdu, unitId, transactionId);
  return { dissector: peer.transport === 'udp' ? 'mbudp' : 'mbtcp', bytes };
}

/** The ADU around a PDU. */
function sealed(framing: Framing, pdu: Uint8Array, unitId: number, transactionId = 0): Uint8Array {
  const bytes = new Uint8Array(framing.maxLength(pdu.length));
  bytes.set(pdu, framing.headerLength);
  return bytes.subarray(0, framing.seal(bytes, 0, pdu.length, transactionId, unitId, LF));
}

interface LineFrame {
  readonly kind: 'request' | 'reply';
  readonly unitId: number;
  readonly pdu: Uint8Array;
  /** The request PDU that a reply answers, if known. */
  readonly request?: Uint8Array | undefined;
}

function busPacket({ request, ...frame }: BusFrame): Packet {
  return linePacket({ ...frame, request: request?.pdu });
}

function ownPacket({ unitId, pdu, request }: TraceMessage, isRequest: boolean): Packet {
  return linePacket({ kind: isRequest ? 'request' : 'reply', unitId, pdu, request: request?.pdu });
}

/** Bytes that a hook has sent in place of a reply, which may be no frame. */
function hookedPacket({ unitId, pdu, request }: TraceMessage, bytes: Uint8Array): Packet {
  const reply = describeReply(decodeReply(pdu, request?.pdu));
  return { dissector: 'data', bytes, comment: `sent by a hook in place of the reply, unit ${unitId}: ${reply}` };
}

/** All that other stations say comes in. */
function passedPacket(message: PassedMessage): Packet {
  return { ...linePacket(message), direction: 'in' };
}

function linePacket({ kind, unitId, pdu, request }: LineFrame): Packet {
  const isRequest = kind === 'request';
  const text = isRequest ? describeRequest(decodeRequest(pdu)) : describeReply(decodeReply(pdu, request));
  // Wireshark alone cannot tell all requests from replies.
  return {
    dissector: 'mbrtu',
    bytes: sealed(rtu, pdu, unitId),
    isRequest,
    comment: `${kind}, unit ${unitId}: ${text}`,
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
