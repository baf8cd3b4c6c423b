import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { show } from '../problems.js';
import type { Random } from '../random.js';
import { duration, map } from '../settings.js';
import type { Delivery } from './delivery.js';
import { byteMaker, bytes, choose, parseSpan, present, span, wrong } from './values.js';

/** Changes the delivery of a reply. @returns what it has done, in words. */
export type Effect = (delivery: Delivery, random: Random) => string;

/** When a kind has its turn: on what goes into the frame, on the bytes of the frame, or on their way. */
export const STAGES = ['content', 'bytes', 'way'] as const;
type Stage = (typeof STAGES)[number];

/** A kind of fault: its settings, and one function that makes its effect of them. */
export interface FaultKind<Settings extends z.ZodType = z.ZodType> {
  readonly stage: Stage;
  readonly settings: Settings;
  create(settings: unknown): Effect;
  /** Whether it can do anything to this reply. */
  fits(delivery: Delivery): boolean;
}

function kind<Settings extends z.ZodType>(
  stage: Stage,
  settings: Settings,
  create: (settings: z.output<Settings>) => Effect,
  fits: FaultKind['fits'] = () => true,
): FaultKind<Settings> {
  return { stage, settings, create: (given) => create(settings.parse(given)), fits };
}

const EXCEPTION_BIT = 0x80;

const exception = kind(
  'content',
  z
    .int()
    .min(1)
    .max(255)
    .meta({ title: 'Exception', description: 'The client gets this exception code. The request is not carried out.' }),
  (code) => (delivery) => {
    const [functionCode = 0] = delivery.pdu;
    delivery.pdu = Uint8Array.of(functionCode | EXCEPTION_BIT, code);
    return `exception ${code}`;
  },
  // A request to a unit is refused before it is carried out.
  ({ judged }) => !judged,
);

const wrongFunction = kind(
  'content',
  wrong('Wrong function code', 'The reply has another function code: this one, or with true the next one.', 1, 255),
  (setting) => (delivery) => {
    const [code = 0, ...data] = delivery.pdu;
    const next = (code & EXCEPTION_BIT) | ((code + 1) & ~EXCEPTION_BIT);
    delivery.pdu = Uint8Array.of(setting === true ? next : setting, ...data);
    return `function code ${delivery.pdu[0]}`;
  },
);

const wrongUnit = kind(
  'content',
  wrong('Wrong unit id', 'The reply has another unit id: this one, or with true the next one.', 0, 255),
  (setting) => (delivery) => {
    delivery.unitId = setting === true ? (delivery.unitId + 1) & 0xff : setting;
    return `unit id ${delivery.unitId}`;
  },
);

const wrongTransaction = kind(
  'content',
  wrong(
    'Wrong transaction id',
    'The reply has another transaction id: this one, or with true the next one. RTU and ASCII have none.',
    0,
    0xffff,
  ),
  (setting) => (delivery) => {
    delivery.transactionId = setting === true ? (delivery.transactionId + 1) & 0xffff : setting;
    return `transaction id ${delivery.transactionId}`;
  },
  ({ reply }) => !(reply.framing in SPOILED),
);

const stale = kind(
  'bytes',
  present(
    'Stale',
    'The client gets the reply to its request before this one once more. The first reply is left alone.',
  ),
  () => (delivery) => {
    delivery.bytes = delivery.previous ?? delivery.bytes;
    return 'the reply before instead';
  },
  ({ previous }) => previous !== undefined,
);

/** Makes the checksum at the end of a frame a wrong one, by the name of the framing. */
const SPOILED: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  rtu: (bytes) => replaced(bytes, bytes.length - 1, (byte) => byte ^ 0xff),
  // The second digit of the LRC, in front of CR and LF.
  ascii: (bytes) => replaced(bytes, bytes.length - 3, nextDigit),
};

function replaced(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? change(byte) : byte));
}

function nextDigit(digit: number): number {
  const value = Number.parseInt(String.fromCharCode(digit), 16);
  return ((value + 1) % 16).toString(16).toUpperCase().charCodeAt(0);
}

const badChecksum = kind(
  'bytes',
  present('Bad checksum', 'The CRC of RTU, or the LRC of ASCII, is wrong. MBAP has no checksum.'),
  () => (delivery) => {
    delivery.bytes = SPOILED[delivery.reply.framing]?.(delivery.bytes) ?? delivery.bytes;
    return 'a bad checksum';
  },
  ({ reply }) => reply.framing in SPOILED,
);

function amount(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

const truncate = kind(
  'bytes',
  z
    .int()
    .min(1)
    .max(1000)
    .meta({ title: 'Truncate', description: 'So many bytes are missing at the end of the frame.' }),
  (count) => (delivery) => {
    delivery.bytes = delivery.bytes.subarray(0, Math.max(0, delivery.bytes.length - count));
    return `${amount(count)} missing`;
  },
);

const extra = kind(
  'bytes',
  bytes('Extra bytes', 'Bytes behind the frame: so many random ones, or these, as "FF 00".'),
  (setting) => {
    const make = byteMaker(setting);
    return (delivery, random) => {
      const more = make(random);
      delivery.bytes = Buffer.concat([delivery.bytes, more]);
      return `${amount(more.length)} behind it`;
    };
  },
);

const garbage = kind(
  'bytes',
  bytes('Garbage', 'Bytes ahead of the frame: so many random ones, or these, as "FF 00".'),
  (setting) => {
    const make = byteMaker(setting);
    return (delivery, random) => {
      const more = make(random);
      delivery.bytes = Buffer.concat([more, delivery.bytes]);
      return `${amount(more.length)} ahead of it`;
    };
  },
);

const delay = kind(
  'way',
  span('Delay', 'The reply comes so much later: 200ms, or 200ms..800ms for a different time each time.'),
  (setting) => {
    const times = parseSpan(setting);
    return (delivery, random) => {
      const time = choose(times, random);
      delivery.delay += time;
      return `${time} ms later`;
    };
  },
);

const silence = kind(
  'way',
  present('Silence', 'The request is carried out, and nobody is answered.'),
  () => (delivery) => {
    delivery.silent = true;
    return 'no reply';
  },
);

const split = kind(
  'way',
  z
    .union(
      [
        duration('Pause', 'How long the second part comes later.'),
        map('Split', 'Where the reply is split, and for how long.', {
          after: z.int().min(1).max(1000).meta({ title: 'After', description: 'Bytes of the first part.' }),
          pause: duration('Pause', 'How long the second part comes later.'),
        }),
      ],
      {
        error: ({ input }) => `expected a duration such as "50ms", or { after: 3, pause: 50ms }, found ${show(input)}`,
      },
    )
    .meta({ title: 'Split', description: 'The reply comes in two parts with a pause between: 50ms, in the middle.' }),
  (setting) => {
    const pause = parseDuration(typeof setting === 'string' ? setting : setting.pause);
    return (delivery) => {
      const at = typeof setting === 'string' ? Math.floor(delivery.bytes.length / 2) : setting.after;
      delivery.cuts.push({ at, pause });
      return `a pause of ${pause} ms behind byte ${at}`;
    };
  },
);

const duplicate = kind('way', present('Duplicate', 'The reply comes twice.'), () => (delivery) => {
  delivery.copies++;
  return 'once more';
});

const close = kind(
  'way',
  z.enum(['before', 'amid', 'after']).meta({
    title: 'Close',
    description:
      'The connection is closed before the reply, amid it (half of it comes), or after it. On a serial line and over ' +
      'UDP there is none: the reply, or half of it, is missing.',
  }),
  (when) => (delivery) => {
    delivery.close = when;
    return `closed ${when} the reply`;
  },
);

/** The kinds of faults in replies, by their keys, in the order in which they have their turn. */
export const KINDS = {
  exception,
  wrongFunction,
  wrongUnit,
  wrongTransaction,
  stale,
  badChecksum,
  truncate,
  extra,
  garbage,
  delay,
  silence,
  split,
  duplicate,
  close,
} as const satisfies Readonly<Record<string, FaultKind>>;

export function kindsOf(stage: Stage): readonly FaultKind[] {
  return Object.values<FaultKind>(KINDS).filter((each) => each.stage === stage);
}
