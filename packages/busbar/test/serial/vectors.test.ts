import { Unit } from 'busbar';
import { afterEach, expect, test, vi } from 'vitest';
import { sealed } from '../framing/line.js';
import { hex, toHex } from '../helpers/hex.js';
import { serveInVirtualTime } from '../helpers/virtual-line.js';
import { WirePort } from '../helpers/wire-port.js';

vi.mock('serialport', () => ({ SerialPort: WirePort }));

afterEach(() => {
  vi.useRealTimers();
});

/** What a simulated line has found: pieces of bytes, and the milliseconds behind each. */
type Piece = readonly [bytes: string, pause: number];

/** A frame of another station, of a function whose length nobody knows: its beginning has a good CRC, too. */
const VENDOR_BEGINNING = '9546_EF12';
const HIDDEN_WRITE = '41_06_0000_0009_470C';
const HIDDEN_BROADCAST = toHex(sealed(hex('00 fc:06 address:0000 value:0009')));

const VENDOR_REQUEST = '1065F734B91AC045F6BA8CE36EEFBFBF14740C77072AB7A1BCADC276DE5FD1CDB40618C5B0';
const REPLY_06 = '01_06_0000_0002_080B';

interface Scenario {
  readonly title: string;
  readonly units: readonly number[];
  readonly pieces: readonly Piece[];
  /** Frames, in order. */
  readonly replies: readonly string[];
  /** What register 0 of every unit is behind it. */
  readonly written: number;
}

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'a request behind rubbish with zeros behind it is answered as what it is',
    units: [1, 2],
    pieces: [[`55 ${REPLY_06} 0000`, 100]],
    replies: [REPLY_06],
    written: 2,
  },
  {
    title: 'a request behind rubbish with more zeros behind it than a driver makes is not answered',
    units: [1, 2],
    pieces: [[`55 ${REPLY_06} 00*9`, 100]],
    replies: [],
    written: 0,
  },
  {
    title: 'a request in the data of a vendor function is none, though its beginning has a good CRC',
    units: [65, 66],
    pieces: [[`${VENDOR_BEGINNING} ${HIDDEN_WRITE} 0102_F056`, 100]],
    replies: [],
    written: 0,
  },
  {
    title: 'a request in the data of a vendor function is none, in pieces',
    units: [65, 66],
    pieces: [
      [VENDOR_BEGINNING, 20],
      [HIDDEN_WRITE, 20],
      ['0102_F056', 100],
    ],
    replies: [],
    written: 0,
  },
  {
    title: 'a broadcast in the data of a vendor function is none',
    units: [65, 66],
    pieces: [
      [VENDOR_BEGINNING, 20],
      [`0000_0000 ${HIDDEN_BROADCAST}`, 20],
      ['0102_0304', 100],
    ],
    replies: [],
    written: 0,
  },
  {
    title: 'requests in the data of a vendor function are none, though noise follows it',
    units: [1, 9],
    pieces: [['C841_9640_0103_004E_0006_A5DF_0110_00BB_0001_02A4_F647_9D01_81D9 1F92_08CC_38E0_E1B0_AA59', 100]],
    replies: [],
    written: 0,
  },
  {
    title: 'a request behind a vendor function is answered when the line falls silent',
    units: [65, 66],
    pieces: [[`${VENDOR_BEGINNING} ${HIDDEN_WRITE}`, 100]],
    replies: [HIDDEN_WRITE],
    written: 9,
  },
  {
    title: 'an echo behind a glitch, with a zero behind it, is answered as what it is',
    units: [1, 9],
    pieces: [
      ['FF_09_08_0000_9C5B_C9', 7],
      ['B8', 4],
      ['00', 100],
    ],
    replies: ['09_08_0000_9C5B_C9B8'],
    written: 0,
  },
  {
    title: 'a request is answered when the line is silent, behind a repeated one that reads like its own reply',
    units: [1, 9],
    pieces: [
      ['41_0C_31E5', 300],
      ['41', 1],
      ['0C_31E5', 9],
      ['41_0C_09_0910_001C_0001_02DA', 2],
      ['01_241D', 3],
      ['01_17_B0A6_0038_0062_0004_08_AB0B_50C5_EA17_DEF9_684B', 100],
    ],
    replies: ['01_97_02_CFF1'],
    written: 0,
  },
  {
    title:
      'a request behind a reply that broke off is answered, though the reply would end with the two zeros behind it',
    units: [1, 9],
    pieces: [
      ['10_15_0B_06_0004_0009_0002_62C8_926D_93DC', 700],
      ['10_15_0B_06_0004', 15],
      [REPLY_06, 15],
      ['0000', 100],
    ],
    replies: [REPLY_06],
    written: 2,
  },
  {
    title: 'a request behind noise is answered, though it holds what reads like a refusal, but for its exception code',
    units: [1, 9],
    pieces: [
      ['9F823E', 20],
      ['09_65_BFDE_0C19_8101_023D_E6', 100],
    ],
    replies: ['09_E5_01_2A92'],
    written: 0,
  },
  {
    title:
      'a request in the data of a vendor reply is none, though pauses add up behind it, and none tells where its own request ended',
    units: [1, 9],
    pieces: [
      [`${VENDOR_REQUEST} 10651B3FE96E6C86239781D6B1D3EA25E133CC`, 45],
      ['011000B40001021EB3F5F1', 45],
      ['8EB49DA9703BF63EE8BFC75487840F8FAB3581A216CABDD0DF3C6BB4EDB59E6A814D29FEAE9D', 45],
      ['4106000624DB3C50', 45],
      [REPLY_06, 100],
    ],
    replies: [REPLY_06],
    written: 2,
  },
];

function createUnit(id: number): Unit {
  return new Unit({ id, holdingRegisters: [{ start: 0, values: [0] }] });
}

for (const [kind, options] of [
  ['that sees gaps', { path: 'wire' }],
  ['that sees no gaps', {}],
] as const) {
  test.each(SCENARIOS)(`to a server ${kind}, $title`, async ({ units: ids, pieces, replies, written }) => {
    const units = ids.map(createUnit);
    const line = await serveInVirtualTime({ ...options, units });
    for (const [bytes, pause] of pieces) {
      line.receive(hex(bytes));
      await line.pass(pause);
    }
    expect(line.sent.map((sent) => sent.replace(/.* ms: /, ''))).toEqual(replies.map((reply) => toHex(hex(reply))));
    const addressed = written === 0 ? units : units.slice(0, 1);
    for (const { holdingRegisters } of addressed) expect(holdingRegisters.get(0)).toBe(written);
  });
}
