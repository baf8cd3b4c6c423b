import { captureMonitor } from 'busbar/monitor';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { captured, packetLine } from './captured.js';
import { CONVERSATION_TOLD, conversation } from './conversation.js';
import { ascii, Listening, rtu } from './listening.js';

const READ = 'fc:03 start:0000 quantity:0002';
const READ_REPLY = 'fc:03 bytes:04 values:0014_0015';
const REQUEST = '- :49152>:502 mbrtu';
const REPLY = '- :502>:49152 mbrtu';

describe('the capture of a monitor', () => {
  test('has every frame with its CRC, and says of each what it is', async () => {
    const { interfaces, packets } = await captured(async (file) => {
      const listening = await Listening.start();
      captureMonitor(file, listening.monitor, 'COM3');
      await listening.hear(rtu(2, READ), rtu(2, READ_REPLY), rtu(0, 'fc:06 address:0001 value:0003'));
      await listening.hear(rtu(3, 'fc:07'), rtu(3, 'fc:87 exception:01'));
      await listening.end();
    });
    expect(interfaces).toEqual([{ name: 'COM3', description: 'Modbus serial line, listened to by Busbar' }]);
    expect(packets.map(packetLine)).toEqual([
      `${REQUEST} ${toHex(rtu(2, READ))}`,
      `${REPLY} ${toHex(rtu(2, READ_REPLY))}`,
      `${REQUEST} ${toHex(rtu(0, 'fc:06 address:0001 value:0003'))}`,
      `${REQUEST} ${toHex(rtu(3, 'fc:07'))}`,
      `${REPLY} ${toHex(rtu(3, 'fc:87 exception:01'))}`,
    ]);
    expect(packets.map(({ comment }) => comment)).toEqual([
      'request, unit 2: read holding registers 0..1 (40001..40002)',
      'reply, unit 2: read holding registers 0..1 (40001..40002) = 20, 21',
      'request, unit 0: write single register 1 (40002) = 3',
      'request, unit 3: read exception status',
      'reply, unit 3: exception 01 illegal function (read exception status)',
    ]);
  });

  test('has noise as it was', async () => {
    const { packets } = await captured(async (file) => {
      const listening = await Listening.start();
      captureMonitor(file, listening.monitor, 'COM3');
      await listening.hear(hex('FF_FE_FD'), rtu(2, READ));
      await listening.end();
    });
    expect(packets.map(packetLine)).toEqual(['- :>: data FFFEFD', `${REQUEST} ${toHex(rtu(2, READ))}`]);
    expect(packets[0]?.comment).toBe('3 bytes outside all intact frames');
  });

  test('has ASCII frames as the RTU frames that say the same', async () => {
    const framings = [
      ['rtu', rtu],
      ['ascii', ascii],
    ] as const;
    const [binary, text] = await Promise.all(
      framings.map(([framing, encode]) =>
        captured(async (file) => {
          const listening = await Listening.start({ framing });
          captureMonitor(file, listening.monitor, 'COM3');
          await listening.hear(conversation(encode));
          await listening.end();
        }),
      ),
    );
    expect(text?.packets.map(packetLine)).toEqual(binary?.packets.map(packetLine));
    expect(text?.packets).toHaveLength(CONVERSATION_TOLD.filter((line) => !line.startsWith('!')).length);
  });

  test('has the times of what was heard', async () => {
    const times: number[] = [];
    const { packets } = await captured(async (file) => {
      const listening = await Listening.start();
      captureMonitor(file, listening.monitor, 'COM3');
      await listening.hear(rtu(2, READ), rtu(2, READ_REPLY), hex('FF_FE'));
      await listening.end();
      times.push(...listening.heard.all.map(({ start }) => start));
    });
    expect(times).toHaveLength(3);
    // To the microsecond that the file can hold.
    for (const [i, { time }] of packets.entries()) expect(Math.abs(time - times[i])).toBeLessThanOrEqual(0.001);
  });

  test('ends when it is stopped, and begins again when it is asked for', async () => {
    const { interfaces, packets } = await captured(async (file) => {
      const listening = await Listening.start();
      const stop = captureMonitor(file, listening.monitor, 'first');
      await listening.hear(rtu(1, READ));
      stop();
      await listening.hear(rtu(2, READ), hex('FF_FE'), rtu(3, READ));
      captureMonitor(file, listening.monitor, 'second');
      await listening.hear(rtu(4, READ));
      await listening.end();
    });
    expect(interfaces.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(packets.map(({ on, bytes }) => [on, bytes[0]])).toEqual([
      ['first', 1],
      ['second', 4],
    ]);
  });

  test('may be that of several lines, each with its interface', async () => {
    const { packets } = await captured(async (file) => {
      const [left, right] = [await Listening.start(), await Listening.start()];
      captureMonitor(file, left.monitor, 'left');
      captureMonitor(file, right.monitor, 'right');
      await left.hear(rtu(1, READ));
      await right.hear(rtu(2, READ));
      await left.hear(rtu(1, READ_REPLY));
      await left.end();
      await right.end();
    });
    expect(packets.map(({ on, bytes }) => [on, bytes[0]])).toEqual([
      ['left', 1],
      ['right', 2],
      ['left', 1],
    ]);
  });
});
