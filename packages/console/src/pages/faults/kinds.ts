import { numberOrText } from './numbers.js';

/** Something that has to be said of a kind of fault. */
export interface KindField {
  readonly key: string;
  readonly label: string;
  readonly help?: string;
  readonly example?: string;
  /** Those that there are; without them, it is a text. */
  readonly choices?: readonly string[];
  readonly required: boolean;
}

/** What a user has written into the fields, by their keys. */
export type Settings = Readonly<Record<string, string>>;

/** A kind of fault, as a form and a list have it. */
export interface Kind {
  /** Its key in the config. */
  readonly key: string;
  readonly name: string;
  readonly help: string;
  readonly fields: readonly KindField[];
  /** Its setting in the config. The server checks it. */
  readonly build: (settings: Settings) => unknown;
}

const SOME_BYTES = 'How many random ones, 1 to 256, or these in hexadecimal digits';

/** All kinds, the most common first. */
export const KINDS: readonly Kind[] = [
  valued('exception', 'Exception', 'The client gets an exception, and the request is not carried out.', {
    label: 'Exception code',
    example: '6',
    help: '1 function, 2 address, 3 value, 4 failure, 5 acknowledge, 6 busy, 10 and 11 gateway; 1 to 255',
  }),
  valued('delay', 'Late reply', 'The reply comes so much later.', {
    label: 'Delay',
    example: '200ms..800ms',
    help: 'A duration, or the shortest and the longest',
  }),
  present('silence', 'No reply', 'The request is carried out, and nobody is answered.'),
  {
    key: 'close',
    name: 'Connection closed',
    help: 'On a serial line and over UDP, what follows is missing instead.',
    fields: [field({ label: 'When', choices: ['before', 'amid', 'after'], help: 'Before, amid or after the reply' })],
    build: ({ value = '' }) => value || 'before',
  },
  present(
    'refuse',
    'New connections refused',
    'They are closed at once; open ones stay. It goes with no other effect.',
  ),
  valued('truncate', 'Reply cut short', 'So many bytes are missing at its end.', {
    label: 'Missing bytes',
    example: '3',
    help: '1 to 1000',
  }),
  valued('extra', 'Extra bytes behind', 'Bytes follow the reply.', {
    label: 'Bytes behind',
    example: 'FF 00',
    help: SOME_BYTES,
  }),
  valued('garbage', 'Rubbish ahead', 'Bytes come ahead of the reply.', {
    label: 'Bytes ahead',
    example: 'FF 00',
    help: SOME_BYTES,
  }),
  {
    key: 'split',
    name: 'Reply in two parts',
    help: 'The second part of the reply comes later.',
    fields: [
      field({ key: 'pause', label: 'Pause', example: '50ms', help: 'A duration' }),
      field({ key: 'after', label: 'First bytes', help: 'How many come at once, half by default', required: false }),
    ],
    build: ({ pause = '', after = '' }) => (after === '' ? pause : { after: numberOrText(after), pause }),
  },
  present('duplicate', 'Reply twice', 'The reply comes twice.'),
  present('stale', 'Reply of before', 'The client gets the reply to its request before this one once more.'),
  present('badChecksum', 'Bad checksum', 'The CRC of RTU, or the LRC of ASCII, is wrong. MBAP has none.'),
  wrong('wrongFunction', 'Wrong function code', 'Function code', '1 to 255'),
  wrong('wrongUnit', 'Wrong unit id', 'Unit id', '0 to 255'),
  wrong('wrongTransaction', 'Wrong transaction id', 'Transaction id', '0 to 65535; RTU and ASCII have none'),
];

function field(of: Partial<KindField> & Pick<KindField, 'label'>): KindField {
  return { key: 'value', required: true, ...of };
}

/** It is there or not. */
function present(key: string, name: string, help: string): Kind {
  return { key, name, help, fields: [], build: () => true };
}

/** It has a number or a text. */
function valued(key: string, name: string, help: string, of: Parameters<typeof field>[0]): Kind {
  return { key, name, help, fields: [field(of)], build: ({ value = '' }) => numberOrText(value) };
}

/** It has the wrong value, or takes any. */
function wrong(key: string, name: string, label: string, range: string): Kind {
  return {
    key,
    name,
    help: 'The reply has this one, or else the one after the right one.',
    fields: [field({ label, help: `${range}; the next one by default`, required: false })],
    build: ({ value = '' }) => (value === '' ? true : numberOrText(value)),
  };
}
