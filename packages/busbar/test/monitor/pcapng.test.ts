import { describe, expect, test } from 'vitest';
import { type CapturedPacket, enhancedPacket, interfaceDescription, sectionHeader } from '../../src/capture/pcapng.js';
import { hex, text, toHex } from '../helpers/hex.js';

/** 2001-09-09 01:46:40 UTC, and what a microsecond clock says then: 0x38D7E_A4C68000. */
const TIME = 1_000_000_000_000;
const STAMP = 'high:00038D7E low:A4C68000';

const RTU = 'unit:11 fc:03 start:0000 quantity:0003 crc:075B';
const MBRTU = `tag:000C length:0008 name:${text('mbrtu')} pad:000000`;
const MBTCP = `tag:000C length:0008 name:${text('mbtcp')} pad:000000`;
const END_TAG = 'tag:0000 length:0000';

function packet(fields: Partial<CapturedPacket>): Uint8Array {
  return enhancedPacket({ interfaceId: 0, time: TIME, dissector: 'mbrtu', bytes: hex(RTU), ...fields });
}

function expectBytes(bytes: Uint8Array, vector: string): void {
  expect(toHex(bytes)).toBe(toHex(hex(vector)));
}

/** The tags ahead of the ADU. */
function tags(fields: Partial<CapturedPacket>): string {
  const bytes = packet({ bytes: new Uint8Array(0), ...fields });
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(20);
  return toHex(bytes.subarray(28, 28 + length));
}

describe('a section header', () => {
  test('names the byte order, the version and the application', () => {
    expectBytes(
      sectionHeader(),
      `type:0A0D0D0A length:0000002C magic:1A2B3C4D major:0001 minor:0000 section:FFFFFFFFFFFFFFFF
       userappl:0004 length:0006 text:${text('Busbar')} pad:0000 end:0000 length:0000 length:0000002C`,
    );
  });
});

describe('an interface description', () => {
  test('has the link type of exported PDUs, names, and microseconds', () => {
    expectBytes(
      interfaceDescription('COM3', 'meters'),
      `type:00000001 length:00000034 link:00FC reserved:0000 snaplen:00000000
       name:0002 length:0004 text:${text('COM3')}
       description:0003 length:0006 text:${text('meters')} pad:0000
       tsresol:0009 length:0001 value:06 pad:000000
       end:0000 length:0000 length:00000034`,
    );
  });

  test('may be without a description', () => {
    expectBytes(
      interfaceDescription('COM3'),
      `type:00000001 length:00000028 link:00FC reserved:0000 snaplen:00000000
       name:0002 length:0004 text:${text('COM3')} tsresol:0009 length:0001 value:06 pad:000000
       end:0000 length:0000 length:00000028`,
    );
  });
});

describe('a packet', () => {
  test('has tags, the ADU, and options', () => {
    const bytes = packet({
      interfaceId: 2,
      isRequest: true,
      client: { address: '192.168.0.9', port: 40000 },
      server: { address: '192.168.0.1', port: 5020 },
      comment: 'late',
      direction: 'in',
    });
    expectBytes(
      bytes,
      `type:00000006 length:00000074 interface:00000002 ${STAMP} captured:00000040 original:00000040
       ${MBRTU} source4:0014 length:0004 address:C0A80009 destination4:0015 length:0004 address:C0A80001
       portType:0018 length:0004 tcp:00000002 sourcePort:0019 length:0004 port:00009C40
       destinationPort:001A length:0004 port:000001F6 ${END_TAG}
       ${RTU} comment:0001 length:0004 text:${text('late')} flags:0002 length:0004 inbound:00000001
       end:0000 length:0000 length:00000074`,
    );
  });

  test('without anything else has the name of its dissector and the ADU', () => {
    expectBytes(
      packet({}),
      `type:00000006 length:00000038 interface:00000000 ${STAMP} captured:00000018 original:00000018
       ${MBRTU} ${END_TAG} ${RTU} length:00000038`,
    );
  });

  test.each([
    [0, '', '0C', '2C'],
    [1, '00_0000', '0D', '30'],
    [2, '00_00', '0E', '30'],
    [3, '00', '0F', '30'],
  ])('is padded to whole words when %d bytes are over', (over, pad, captured, total) => {
    const data = '01'.repeat(over);
    expectBytes(
      packet({ dissector: 'data', bytes: hex(data) }),
      `type:00000006 length:000000${total} interface:00000000 ${STAMP} captured:000000${captured} original:000000${captured}
       tag:000C length:0004 name:${text('data')} ${END_TAG} adu:${data} pad:${pad} length:000000${total}`,
    );
  });

  test('counts the bytes of a comment, not its characters', () => {
    expect(toHex(packet({ comment: 'größe' }))).toContain(
      toHex(hex(`comment:0001 length:0007 text:6772_C3B6_C39F_65 pad:00 end:0000 length:0000`)),
    );
  });

  test('cuts a comment that no option can hold between two characters', () => {
    const bytes = packet({ comment: '€'.repeat(30_000) });
    // 0xFFFC bytes have room for 21844 characters of three bytes.
    expect(toHex(bytes)).toContain(toHex(hex('comment:0001 length:FFFC text:E282AC*21844 end:0000 length:0000')));
  });

  test('out of the machine has the direction 2', () => {
    expect(toHex(packet({ direction: 'out' }))).toContain(
      toHex(hex('flags:0002 length:0004 outbound:00000002 end:0000 length:0000')),
    );
  });

  test.each([
    ['half a millisecond', 1_000_000_000_000.5, 'high:00038D7E low:A4C681F4'],
    ['a microsecond', 1_000_000_000_000.001, 'high:00038D7E low:A4C68001'],
    ['no time at all', 0, 'high:00000000 low:00000000'],
    ['the last before the high word changes', 4_294_967.295, 'high:00000000 low:FFFFFFFF'],
    ['the first after it', 4_294_967.296, 'high:00000001 low:00000000'],
  ])('has its time in microseconds: %s', (_, time, stamp) => {
    expect(toHex(packet({ time }).subarray(12, 20))).toBe(toHex(hex(stamp)));
  });
});

describe('the tags of a packet', () => {
  const ports = (type: string, source: string, destination: string) =>
    `portType:0018 length:0004 type:0000000${type} source:0019 length:0004 port:0000${source}
     destination:001A length:0004 port:0000${destination}`;

  test('have port 502 on the side of the server, whatever its port is', () => {
    const endpoints = { client: { port: 40000 }, server: { port: 802 }, dissector: 'mbtcp' } as const;
    expect(tags({ ...endpoints, isRequest: true })).toBe(
      toHex(hex(`${MBTCP} ${ports('2', '9C40', '01F6')} ${END_TAG}`)),
    );
    expect(tags({ ...endpoints, isRequest: false })).toBe(
      toHex(hex(`${MBTCP} ${ports('2', '01F6', '9C40')} ${END_TAG}`)),
    );
  });

  test.each([
    ['is not known', undefined],
    ['is 502 itself', { port: 502 }],
  ])('have port 49152 for a client whose port %s', (_, client) => {
    expect(tags({ isRequest: true, client })).toBe(toHex(hex(`${MBRTU} ${ports('2', 'C000', '01F6')} ${END_TAG}`)));
  });

  test('say UDP for datagrams', () => {
    const name = `tag:000C length:0008 name:${text('mbudp')} pad:000000`;
    expect(tags({ dissector: 'mbudp', isRequest: true })).toBe(
      toHex(hex(`${name} ${ports('3', 'C000', '01F6')} ${END_TAG}`)),
    );
  });

  test('have no endpoints where nobody knows who sent the packet', () => {
    expect(tags({ client: { address: '10.0.0.1', port: 40000 }, server: { address: '10.0.0.2' } })).toBe(
      toHex(hex(`${MBRTU} ${END_TAG}`)),
    );
  });

  test.each([
    ['2001:db8::1', '2001_0DB8_0000_0000_0000_0000_0000_0001'],
    ['1:2:3:4:5:6:7:8', '0001_0002_0003_0004_0005_0006_0007_0008'],
    ['::', '0000_0000_0000_0000_0000_0000_0000_0000'],
    ['fe80::', 'FE80_0000_0000_0000_0000_0000_0000_0000'],
    ['::1', '0000_0000_0000_0000_0000_0000_0000_0001'],
    ['fe80::a:b%eth0', 'FE80_0000_0000_0000_0000_0000_000A_000B'],
    ['::ffff:192.168.0.1', '0000_0000_0000_0000_0000_FFFF_C0A8_0001'],
    ['64:ff9b::10.0.0.1', '0064_FF9B_0000_0000_0000_0000_0A00_0001'],
  ])('have the IPv6 address %s as sixteen bytes', (address, bytes) => {
    expect(tags({ isRequest: false, client: { address }, server: { address } })).toContain(
      toHex(hex(`source6:0016 length:0010 address:${bytes} destination6:0017 length:0010 address:${bytes}`)),
    );
  });

  test('leave out what is no address', () => {
    const client = { address: 'localhost', port: 40000 };
    expect(tags({ isRequest: true, client })).toBe(tags({ isRequest: true, client: { port: 40000 } }));
  });
});
