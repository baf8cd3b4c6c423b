import { isIPv4, isIPv6 } from 'node:net';
import { NO_BYTES } from '../protocol/bytes.js';

/*
 * Writes captures for Wireshark and tshark: pcapng (IETF draft-ietf-opsawg-pcapng) whose packets are "exported PDUs",
 * that is, ADUs without an Ethernet, IP or serial line around them. Tags before the ADU tell Wireshark which dissector
 * to use. Everything is big-endian: the tags must be, and the blocks may be.
 */

/** One side of an exchange, as far as it is known. */
export interface Endpoint {
  /** IPv4 or IPv6; anything else, such as a host name, is left out. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** One ADU as it was seen. */
export interface CapturedPacket {
  /** Index of the interface's description in the file, from 0. */
  readonly interfaceId: number;
  /** Milliseconds since the epoch, with fractions down to the microsecond. */
  readonly time: number;
  /** Wireshark's dissector for the bytes: RTU with address and CRC, MBAP over TCP or UDP, or unknown data. */
  readonly dissector: 'mbrtu' | 'mbtcp' | 'mbudp' | 'data';
  /** The ADU. */
  readonly bytes: Uint8Array;
  /** Undefined if unknown, as for noise; then addresses and ports are not written either. */
  readonly isRequest?: boolean | undefined;
  readonly client?: Endpoint | undefined;
  readonly server?: Endpoint | undefined;
  readonly comment?: string | undefined;
  /** Into or out of the machine that captured it. */
  readonly direction?: 'in' | 'out' | undefined;
}

const Block = { SectionHeader: 0x0a0d0d0a, InterfaceDescription: 1, EnhancedPacket: 6 } as const;
/** Option codes; from 2 on they depend on the block. */
const Option = { End: 0, Comment: 1, Name: 2, Flags: 2, Description: 3, Application: 4, TimeResolution: 9 } as const;
const Tag = {
  End: 0,
  DissectorName: 12,
  Ipv4Source: 20,
  Ipv4Destination: 21,
  Ipv6Source: 22,
  Ipv6Destination: 23,
  PortType: 24,
  SourcePort: 25,
  DestinationPort: 26,
} as const;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const VERSION = 0x0001_0000;
/** The length of a section whose end is not known yet. */
const LENGTH_UNKNOWN = 0xffff_ffff;
const LINKTYPE_WIRESHARK_UPPER_PDU = 252;
const MICROSECONDS = 6;
/** Lengths of options and tags have 16 bits, and tags are padded. */
const MAX_VALUE_LENGTH = 0xfffc;
const FLAGS = { in: 1, out: 2 } as const;
const PORT_TYPE_TCP = 2;
const PORT_TYPE_UDP = 3;
/** The only port by which Wireshark's dissectors recognise the server, whatever its real port is. */
const SERVER_PORT = 502;
const UNKNOWN_CLIENT_PORT = 49152;
/** The start of a file; written once. */
export function sectionHeader(): Uint8Array {
  return block(Block.SectionHeader, [
    words(BYTE_ORDER_MAGIC, VERSION, LENGTH_UNKNOWN, LENGTH_UNKNOWN),
    option(Option.Application, utf8('Busbar')),
    option(Option.End, NO_BYTES),
  ]);
}

/** Where packets are captured: a serial port, a listener. Packets refer to it by its index in the file. */
export function interfaceDescription(name: string, description?: string): Uint8Array {
  return block(Block.InterfaceDescription, [
    // No limit for the length of a packet.
    words(LINKTYPE_WIRESHARK_UPPER_PDU << 16, 0),
    option(Option.Name, utf8(name)),
    description === undefined ? NO_BYTES : option(Option.Description, utf8(description)),
    option(Option.TimeResolution, Uint8Array.of(MICROSECONDS)),
    option(Option.End, NO_BYTES),
  ]);
}

/**
 * One packet. Wireshark tells requests from replies only by port 502, and finds the request of a reply by both ports.
 * So the server's port is always written as 502, and the client's never, whatever they really are. Wireshark can tell
 * all `mbrtu` requests from replies only with `tshark -o mbrtu.tcp.port:502` (in Wireshark: the preferences of Modbus
 * RTU), otherwise only where their lengths differ.
 */
export function enhancedPacket(packet: CapturedPacket): Uint8Array {
  const data = Buffer.concat([...tags(packet), packet.bytes]);
  return block(Block.EnhancedPacket, [
    words(packet.interfaceId, ...timestamp(packet.time), data.length, data.length),
    padded(data),
    ...packetOptions(packet),
  ]);
}

/** High and low word of the microseconds since the epoch, which are more than 32 bits can hold. */
function timestamp(milliseconds: number): [number, number] {
  const microseconds = Math.round(milliseconds * 1000);
  return [Math.floor(microseconds / 0x1_0000_0000), microseconds % 0x1_0000_0000];
}

function packetOptions({ comment, direction }: CapturedPacket): Uint8Array[] {
  const options: Uint8Array[] = [];
  if (comment !== undefined) options.push(option(Option.Comment, utf8(comment)));
  if (direction !== undefined) options.push(option(Option.Flags, words(FLAGS[direction])));
  return options.length === 0 ? options : [...options, option(Option.End, NO_BYTES)];
}

function tags(packet: CapturedPacket): Uint8Array[] {
  return [tag(Tag.DissectorName, utf8(packet.dissector)), ...endpointTags(packet), tag(Tag.End, NO_BYTES)];
}

function endpointTags({ dissector, isRequest, client, server }: CapturedPacket): Uint8Array[] {
  if (isRequest === undefined) return [];
  const ports = [clientPort(client), SERVER_PORT];
  const addresses = [client?.address, server?.address];
  const [source, destination] = isRequest ? [0, 1] : [1, 0];
  return [
    ...addressTags(addresses[source], Tag.Ipv4Source, Tag.Ipv6Source),
    ...addressTags(addresses[destination], Tag.Ipv4Destination, Tag.Ipv6Destination),
    tag(Tag.PortType, words(dissector === 'mbudp' ? PORT_TYPE_UDP : PORT_TYPE_TCP)),
    tag(Tag.SourcePort, words(ports[source])),
    tag(Tag.DestinationPort, words(ports[destination])),
  ];
}

function clientPort(client: Endpoint | undefined): number {
  const port = client?.port ?? UNKNOWN_CLIENT_PORT;
  return port === SERVER_PORT ? UNKNOWN_CLIENT_PORT : port;
}

function addressTags(address: string | undefined, ipv4: number, ipv6: number): Uint8Array[] {
  if (address === undefined) return [];
  if (isIPv4(address)) return [tag(ipv4, Uint8Array.from(address.split('.'), Number))];
  return isIPv6(address) ? [tag(ipv6, ipv6Bytes(address))] : [];
}

/** The 16 bytes of a valid IPv6 address; a zone (`%eth0`) is dropped. */
function ipv6Bytes(address: string): Uint8Array {
  const [head, tail] = address.replace(/%.*/, '').split('::').map(ipv6Groups);
  if (tail === undefined) return Uint8Array.from(head);
  return Uint8Array.from([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]);
}

/** Bytes of groups between colons; the last may be an IPv4 address. */
function ipv6Groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** A block has its length at both ends, so that files can be read backwards. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const length = body.length + 12;
  return Buffer.concat([words(type, length), body, words(length)]);
}

/** The length of an option is its value's, without padding. */
function option(code: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([words((code << 16) | value.length), padded(value)]);
}

/** The length of a tag includes the padding, because Wireshark reads the next tag right after it. */
function tag(code: number, value: Uint8Array): Uint8Array {
  const content = padded(value);
  return Buffer.concat([words((code << 16) | content.length), content]);
}

// Pieces are small and many, so they are taken from the pool of Buffer: memory of its own for each takes much longer.

/** Big-endian 32-bit words. */
function words(...values: number[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * i);
  return bytes;
}

/** Truncates a text that is too long, but not within a character. */
function utf8(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_VALUE_LENGTH) return bytes;
  const { written } = new TextEncoder().encodeInto(text, bytes.subarray(0, MAX_VALUE_LENGTH));
  return bytes.subarray(0, written);
}

const PADDING = new Uint8Array(3);

/** Padded with zeros to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const missing = -bytes.length & 3;
  return missing === 0 ? bytes : Buffer.concat([bytes, PADDING.subarray(0, missing)]);
}
