import { afterEach, describe, expect, test, vi } from 'vitest';
import { damaged, joined, sealed } from '../framing/line.js';
import { hex, toHex } from '../helpers/hex.js';
import { rtuRead, rtuReply } from '../helpers/serial.js';
import { sentAt, serveInVirtualTime, type VirtualLine } from '../helpers/virtual-line.js';
import { WirePort } from '../helpers/wire-port.js';

vi.mock('serialport', () => ({ SerialPort: WirePort }));

/** A port that the server opens itself: it knows how long a character takes. */
const path = '/dev/wire';
/** No beginning of a frame is among its bytes, so that the server is out of step behind it. */
const RUBBISH = hex('FF*12');

afterEach(() => {
  vi.useRealTimers();
});

/** One piece after the other, with so many milliseconds between them. */
async function receiveApart(line: VirtualLine, time: number, ...pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    line.receive(piece);
    await line.pass(time);
  }
}

describe('a request amid rubbish that never ends', () => {
  test('is answered if there is a gap on either side of it', async () => {
    const line = await serveInVirtualTime({ path });
    for (let request = 0; request < 10; request++) await receiveApart(line, 10, RUBBISH, rtuRead(request));
    line.receive(RUBBISH);
    const replies = Array.from({ length: 10 }, (_, index) => sentAt(20 * (index + 1), rtuReply(index)));
    expect(line.sent).toEqual(replies);
  });

  test.each([
    ['ahead of it', [joined(RUBBISH, rtuRead(1)), RUBBISH]],
    ['behind it', [RUBBISH, joined(rtuRead(1), RUBBISH)]],
  ])('is not answered without a gap %s', async (_, pieces) => {
    const line = await serveInVirtualTime({ path });
    await receiveApart(line, 10, ...pieces, ...pieces, RUBBISH);
    expect(line.sent).toEqual([]);
  });

  test('is not answered if the pieces are only as far apart as their bytes take', async () => {
    const line = await serveInVirtualTime({ path, baudRate: 9600 });
    line.receive(RUBBISH);
    // Eight characters take 9 ms, twelve take 14.
    await line.pass(10);
    line.receive(rtuRead(1));
    await line.pass(15);
    line.receive(RUBBISH);
    expect(line.sent).toEqual([]);
  });

  test('is answered as soon as the line is silent where the server does not see gaps', async () => {
    const line = await serveInVirtualTime({});
    await receiveApart(line, 10, RUBBISH, rtuRead(1), RUBBISH, rtuRead(2));
    expect(line.sent).toEqual([]);
    await line.pass(50);
    expect(line.sent).toEqual([sentAt(80, rtuReply(2))]);
  });
});

describe('a request between gaps at 115200 baud, amid noise', () => {
  test.each(['AA55', '0F', '00', 'FF', '01', '0103', '1110', '4141_4141'])(
    'of %s every 10 to 30 ms is answered while its client waits',
    async (noise) => {
      const line = await serveInVirtualTime({ path, baudRate: 115_200 });
      await receiveApart(line, 20, ...Array.from({ length: 30 }, () => hex(noise)));
      for (let request = 0; request < 20; request++) {
        line.receive(rtuRead(request));
        for (const pause of [10, 30, 20, 15, 25]) {
          await line.pass(pause);
          line.receive(hex(noise));
        }
        await line.pass(10 + request);
        expect(line.sent.slice(request)).toEqual([expect.stringContaining(toHex(rtuReply(request)))]);
      }
    },
  );
});

test('a request between gaps is answered, though by accident noise ahead of it and its first bytes end with a good CRC', async () => {
  const line = await serveInVirtualTime({ path, baudRate: 115_200 });
  const request = sealed(hex('01 fc:10 start:0000 quantity:0002 count:04 values:2E2C_0102'));
  const noise = hex('6D7D');
  await receiveApart(line, 20, noise, request, noise, noise, noise);
  expect(line.sent).toEqual([sentAt(80, sealed(hex('01 fc:10 start:0000 quantity:0002')))]);
});

describe('a request in the data of others', () => {
  const SMUGGLED = rtuRead(1);
  const FRAMES: readonly (readonly [name: string, request: string, head: string, tail: string])[] = [
    ['a reply', '11 fc:03 start:0000 quantity:0008', '11 fc:03 count:10', '0000_0000_0000_0000'],
    [
      'a reply that ends with it',
      '11 fc:03 start:0000 quantity:0008',
      '11 fc:03 count:10 data:0000_0000_0000_0000',
      '',
    ],
    ['a reply of no known length', '11 fc:41 data:01', '11 fc:41 data:0203', '04'],
    ['a write', '', '11 fc:10 start:0000 quantity:0008 count:10 data:0102_0304', '0506_0708'],
  ];

  /** What comes: the request, if there is one, and the frame in three pieces. */
  function pieces([, request, head, tail]: (typeof FRAMES)[number]): Uint8Array[] {
    const frame = sealed(joined(hex(head), SMUGGLED, hex(tail)));
    const [begin, end] = [hex(head).length, hex(head).length + SMUGGLED.length];
    const before = request === '' ? [] : [sealed(hex(request))];
    return [...before, frame.subarray(0, begin), frame.subarray(begin, end), frame.subarray(end)];
  }

  test.each(FRAMES)('is none in %s, though there are gaps on both sides of it', async (...frame) => {
    for (const gap of [7, 10, 20]) {
      const line = await serveInVirtualTime({ path });
      await receiveApart(line, gap, ...pieces(frame));
      await line.pass(200);
      expect(line.sent).toEqual([]);
      expect(line.server.counters).toMatchObject({ requests: 0, communicationErrors: 0 });
      line.receive(rtuRead(2));
      expect(line.sent).toHaveLength(1);
    }
  });

  test.each(FRAMES)('is none in %s whose CRC is wrong either', async (...frame) => {
    const line = await serveInVirtualTime({ path });
    const [last = new Uint8Array(0), ...others] = pieces(frame).reverse();
    await receiveApart(line, 10, ...others.reverse(), damaged(last));
    await line.pass(200);
    expect(line.sent).toEqual([]);
  });
});

describe('half a request', () => {
  test.each([
    [59, 1],
    [61, 0],
    [20_000, 0],
  ])('with its rest %i ms later is answered %i times where silence is 6 ms', async (pause, answers) => {
    const line = await serveInVirtualTime({ path, silence: 6 });
    await receiveApart(line, pause, rtuRead(1).subarray(0, 5), rtuRead(1).subarray(5));
    await line.pass(1000);
    expect(line.sent).toHaveLength(answers);
    await receiveApart(line, 10, rtuRead(2));
    expect(line.sent).toHaveLength(answers + 1);
  });

  test('whose length is not known yet is given up after silence', async () => {
    const line = await serveInVirtualTime({ path, silence: 6 });
    await receiveApart(line, 7, ...[rtuRead(1).subarray(0, 1), rtuRead(1).subarray(1)]);
    await line.pass(1000);
    expect(line.sent).toEqual([]);
  });
});

test.each([
  [300, {}, 257],
  [600, {}, 129],
  [600, { parity: 'none', stopBits: 1 } as const, 117],
  [1200, {}, 65],
  [2400, {}, 50],
  [115_200, {}, 50],
])('at %i baud %j, a line is silent after %i ms', async (baudRate, settings, silence) => {
  const line = await serveInVirtualTime({ path, baudRate, ...settings });
  // Nothing but silence tells that this request has ended.
  line.receive(sealed(hex('01 fc:65 data:0102')));
  await line.pass(silence - 3);
  expect(line.sent).toEqual([]);
  await line.pass(4);
  expect(line.sent.map((sent) => sent.replace(/.* ms: /, ''))).toEqual([toHex(sealed(hex('01 fc:E5 code:01')))]);
});
