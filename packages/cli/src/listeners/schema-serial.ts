import { PARITIES, SERIAL_FRAMING_NAMES } from 'busbar';
import { z } from 'zod';
import { flag, integer, map, name, number, word } from '../ground/schema.js';
import { MAX_TIME } from './schema-common.js';

const rts = map('RTS', 'For RS-485 adapters whose direction is switched by the RTS line.', {
  active: word({ title: 'Active level', description: 'Level of RTS while Busbar sends.', default: 'high' }, [
    'high',
    'low',
  ]).optional(),
  delayBefore: delay('Delay before', 'Milliseconds from RTS to the first bit.'),
  delayAfter: delay('Delay after', 'Milliseconds from the last bit to RTS.'),
});

function delay(title: string, description: string) {
  return integer({ title, description, default: 0 }, 0, 10_000).optional();
}

const reconnectDelays = z.strictObject({
  initialDelay: integer(
    {
      title: 'First delay',
      description: 'Milliseconds until the first attempt; each further one waits twice as long.',
      default: 500,
    },
    1,
    MAX_TIME,
  ).optional(),
  maxDelay: integer(
    { title: 'Greatest delay', description: 'The most milliseconds between two attempts.', default: 10_000 },
    1,
    MAX_TIME,
  ).optional(),
  atStart: flag(
    'At the start',
    'A port that is missing when Busbar starts is waited for; false: Busbar ends then.',
    true,
  ).optional(),
});

/** Keys of serial listeners only. */
export const serial = {
  path: name('Port', 'The serial port as the system names it, such as /dev/ttyUSB0 or COM3.'),
  baudRate: integer({ title: 'Baud rate', description: 'Bits per second.', default: 19200 }, 50, 12_000_000).optional(),
  dataBits: number(
    { title: 'Data bits', description: 'Bits of a character. Default: 8, with ascii 7.' },
    [7, 8],
  ).optional(),
  parity: word({ title: 'Parity', description: 'The check bit of a character.', default: 'even' }, PARITIES).optional(),
  stopBits: number({ title: 'Stop bits', description: 'Default: 1, without parity 2.' }, [1, 2]).optional(),
  framing: word(
    { title: 'Framing', description: 'rtu (binary) or ascii (text).', default: 'rtu' },
    SERIAL_FRAMING_NAMES,
  ).optional(),
  discardEcho: flag('Discard the echo', 'For adapters that also receive what they send.', false).optional(),
  rts: rts.optional(),
  turnaroundDelay: delay('Turnaround delay', 'Least milliseconds from a request to its reply.'),
  discardStaleReplies: flag(
    'Discard stale replies',
    'A reply is not sent if the line has carried something else since its request.',
    true,
  ).optional(),
  reconnect: z
    .union([z.boolean(), reconnectDelays])
    .meta({
      title: 'Reconnect',
      description:
        'How a lost or missing port is opened again. true: with the delays below; false: it is not, and the listener ends.',
      default: true,
    })
    .optional(),
};
