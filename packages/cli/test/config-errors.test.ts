import { describe, expect, test } from 'vitest';
import { problems } from './helpers/problems.js';

/** The keys of unit 1 in one flow map, which begins in column 4 of line 2. */
const unit = (keys: string) => `units:\n- {id: 1, ${keys}}\n`;
const UNIT_KEYS =
  'id, name, firstAddress, shared, points, when, scenarios, script, keep, share, coils, discreteInputs, holdingRegisters, inputRegisters, identity, files, fifos, serverId, exceptionStatus, access';

/** What a config may have at its root. */
const KEYS = '$schema, listen, http, webhooks, keep, share, module, units, simulation, faults, identity, unknownUnit';

describe('a file that is no config at all', () => {
  const TOP = `expected a map with ${KEYS}`;

  test.each([
    ['', `x:1:1: ${TOP}, found nothing`],
    ['# only a comment\n', `x:1:1: ${TOP}, found nothing`],
    ['hello', `x:1:1: ${TOP}, found the text "hello"`],
    ['[1]', `x:1:1: ${TOP}, found a list of 1`],
    ['{}', 'x:1:1: expected the key "units" (a list of at least 1, each a map), found none'],
    ['units: []', 'x:1:8: units: expected a list of at least 1, each a map, found an empty list'],
    ['units:\n- {id: 1}\n- 5', `x:3:3: units[1]: expected a map with ${UNIT_KEYS}, found 5`],
    ['units:\n\t- id: 1', 'x:2:1: Tabs are not allowed as indentation'],
    ['units: [{id: 1}]\n---\nunits: []', 'x:2:1: expected one document, found the start of another'],
    ['units: !foo []', 'x:1:8: Unresolved tag: !foo'],
    ['units: *nobody', 'x:1:8: found *nobody, but no &nobody before it'],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });
});

describe('keys', () => {
  test.each([
    [unit('nmae: x'), `x:2:11: units[0].nmae: unknown key; expected one of ${UNIT_KEYS}; did you mean "name"?`],
    [unit('"<<": {}'), `x:2:11: units[0].<<: unknown key; expected one of ${UNIT_KEYS}`],
    ['__proto__: 1\nunits: [{id: 1}]', `x:1:1: __proto__: unknown key; expected one of ${KEYS}`],
    [
      'units:\n- id: 1\n  name: a\n  name: b\n',
      'x:4:3: units[0].name: expected only one "name", found another on line 3',
    ],
    ['units: [{name: a}]', 'x:1:9: units[0]: expected the key "id" (a whole number from 0 to 255), found none'],
    [
      unit('identity: {vendorName: a, productCode: b}'),
      'x:2:21: units[0].identity: expected the key "majorMinorRevision" (a text of at most 244 characters, or a map with hex), found none',
    ],
    [
      unit('identity: {vendorName: a, productCode: b, majorMinorRevision: c, objects: {5: a}}'),
      'x:2:86: units[0].identity.objects.5: expected an object id from 128 to 255, found "5"',
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });
});

describe('values', () => {
  test.each([
    ['units: [{id: 256}]', 'x:1:14: units[0].id: expected a whole number from 0 to 255, found 256'],
    ['units: [{id: "1"}]', 'x:1:14: units[0].id: expected a whole number from 0 to 255, found the text "1"'],
    ['units: [{id: }]', 'x:1:14: units[0].id: expected a whole number from 0 to 255, found nothing'],
    [unit('name: 5'), 'x:2:17: units[0].name: expected a text, found 5; put it in quotes to make it a text'],
    [
      unit('coils: [{start: 0, values: [true, on]}]'),
      'x:2:45: units[0].coils[0].values[1]: expected true or false, or a whole number from 0 to 1, found the text "on"; write true',
    ],
    [
      unit('coils: [{start: 0, values: [off, on, 2, 1.5, yes, true, 1]}]'),
      'x:2:39: units[0].coils[0].values[0]: expected true or false, or a whole number from 0 to 1, found the text "off"; write false (and 4 more like it in this list)',
    ],
    [
      unit('fifos: [{pointer: 1, values: [-1, 1, 65536]}]'),
      'x:2:41: units[0].fifos[0].values[0]: expected a whole number from 0 to 65535, found -1 (and 1 more like it in this list)',
    ],
    [
      unit('holdingRegisters: [{start: 0, values: [0xFFFF, 65536]}]'),
      "x:2:58: units[0].holdingRegisters[0].values[1]: expected an integer from 0 to 65535, found 65536; a block with type: 'uint32' takes it",
    ],
    [
      unit('holdingRegisters: [{start: 0, values: [.nan]}]'),
      "x:2:50: units[0].holdingRegisters[0].values[0]: expected an integer from 0 to 65535, found NaN; a block with type: 'float32' takes it",
    ],
    [
      unit('shared: true, coils: [{start: 0, count: 1}]'),
      'x:2:32: units[0].coils: expected none: with shared: true, the tables are those of holdingRegisters, which alone has blocks',
    ],
    [unit('coils: {start: 0, count: 1}'), 'x:2:18: units[0].coils: expected a list, each a map, found a map'],
    [
      unit('serverId: {id: {hex: abc}}'),
      'x:2:32: units[0].serverId.id.hex: expected pairs of hex digits, found the text "abc"',
    ],
    [
      unit('exceptionStatus: 256'),
      'x:2:28: units[0].exceptionStatus: expected a whole number from 0 to 255, or a map with coils, found 256',
    ],
    [
      unit('access: {readOnly: [{table: inputRegisters, start: 0, count: 1}]}'),
      'x:2:39: units[0].access.readOnly[0].table: expected one of coils, holdingRegisters, found the text "inputRegisters"',
    ],
    [
      unit('access: {readOnlyException: 4}'),
      'x:2:39: units[0].access.readOnlyException: expected one of 1, 2, 3, found 4',
    ],
    [
      unit('access: {readOnly: yes}'),
      'x:2:30: units[0].access.readOnly: expected true or false, or a list, each a map, found the text "yes"; write true',
    ],
    [
      unit('access: {functions: [3, 4, 3]}'),
      'x:2:31: units[0].access.functions: expected each only once, found the same at [2] and [0]',
    ],
    [
      unit('access: {functions: [3, 128]}'),
      'x:2:35: units[0].access.functions[1]: expected a function code from 1 to 127, or a sub-function such as "08/00", found 128',
    ],
    [
      unit('access: {functions: ["08/0x0"]}'),
      'x:2:32: units[0].access.functions[0]: expected a function code from 1 to 127, or a sub-function such as "08/00", found the text "08/0x0"',
    ],
    [
      unit('access: {functions: ["10/01"]}'),
      'x:2:32: units[0].access.functions[0]: function 10 has no sub-functions: write 16 to allow it',
    ],
    [
      'units: [{id: 1}]\nunknownUnit: quiet',
      'x:2:14: unknownUnit: expected one of gatewayTargetFailed, gatewayPathUnavailable, silent, any, found the text "quiet"',
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });
});

test('wrong values of two lists, and of a map, are reported each', () => {
  const objects = 'identity: {vendorName: a, productCode: b, majorMinorRevision: c, objects: {128: 5, 129: 6}}';
  expect(problems(unit(`coils: [{start: 0, values: [2, 3]}, {start: 9, values: [4, 5]}], ${objects}`))).toEqual([
    expect.stringMatching(/coils\[0\]\.values\[0\]: .*, found 2 \(and 1 more like it in this list\)$/),
    expect.stringMatching(/coils\[1\]\.values\[0\]: .*, found 4 \(and 1 more like it in this list\)$/),
    expect.stringMatching(/objects\.128: .*, found 5; put it in quotes to make it a text$/),
    expect.stringMatching(/objects\.129: .*, found 6; put it in quotes to make it a text$/),
  ]);
});

describe('blocks', () => {
  const registers = (blocks: string) => unit(`holdingRegisters: [${blocks}]`);

  test.each([
    ['{start: 0}', 'x:2:30: units[0].holdingRegisters[0]: give count, or values'],
    [
      '{start: 0, count: 1, values: [1]}',
      'x:2:48: units[0].holdingRegisters[0].count: give either count or values, not both',
    ],
    [
      '{start: 0, values: [1], value: 2}',
      'x:2:61: units[0].holdingRegisters[0].value: give either value or values, not both',
    ],
    [
      '{start: 65530, count: 7}',
      'x:2:52: units[0].holdingRegisters[0].count: expected an integer from 1 to 6, found 7',
    ],
    [
      '{start: 0, count: 16}, {start: 8, count: 1}',
      'x:2:61: units[0].holdingRegisters[1].start: the block at 8 overlaps holdingRegisters[0] (0..15)',
    ],
    [
      '{start: 20, count: 9}, {start: 0, count: 21}',
      'x:2:38: units[0].holdingRegisters[0].start: the block at 20 overlaps holdingRegisters[1] (0..20)',
    ],
  ])('%s', (blocks, expected) => {
    expect(problems(registers(blocks))).toEqual([expected]);
  });

  test('with a number beyond 2^53 have one problem', () => {
    expect(problems(registers('{start: 0, count: 9007199254740992}'))).toEqual([
      'x:2:48: units[0].holdingRegisters[0].count: expected a whole number from 1 to 65536, found 9007199254740992',
    ]);
  });

  test('that touch without overlapping, up to the last address, are fine', () => {
    expect(problems(registers('{start: 10, count: 65526}, {start: 0, count: 10}'))).toEqual([]);
  });

  test('of files are checked per file number', () => {
    const files =
      '{number: 1, start: 0, count: 5}, {number: 2, start: 0, count: 5}, {number: 1, start: 4, values: [1]}';
    expect(problems(unit(`files: [${files}]`))).toEqual([
      'x:2:104: units[0].files[2].start: the block at 4 overlaps files[0] (0..4)',
    ]);
    expect(problems(unit('files: [{number: 1, start: 9999, count: 2}]'))).toEqual([
      'x:2:51: units[0].files[0].count: expected an integer from 1 to 1, found 2',
    ]);
  });
});

describe('what several entries may not share', () => {
  test.each([
    [
      'units:\n- id: 7\n- id: 7\n',
      'x:3:7: units[1].id: units[0] has the unit id 7 already; units may share an id if every listener lists in its ' +
        '`units` those it serves',
    ],
    [
      unit('fifos: [{pointer: 5}, {pointer: 5}]'),
      'x:2:43: units[0].fifos[1].pointer: fifos[0] has the pointer 5 already',
    ],
    [
      'listen:\n- {type: tcp, port: 502}\n- {type: tcp, host: "::", port: 502}\nunits: [{id: 1}]',
      'x:3:33: listen[1].port: listen[0] listens on 127.0.0.1:502 already',
    ],
    [
      'listen:\n- {type: unix, path: a}\n- {type: unix, path: ./a}\nunits: [{id: 1}]',
      'x:3:22: listen[1].path: listen[0] has a already',
    ],
    [
      'listen:\n- {type: tcp, port: 1, name: bus}\n- {type: udp, port: 1, name: bus}\nunits: [{id: 1}]',
      'x:3:30: listen[1].name: listen[0] has the name "bus" already',
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  test('the port of TLS is taken where none is given, too', () => {
    const listeners = '- {type: tcp, port: 802}\n- {type: tls, certFile: a, keyFile: b, caFile: c}';
    expect(problems(`listen:\n${listeners}\nunits: [{id: 1}]`)).toEqual([
      'x:3:3: listen[1].port: listen[0] listens on 127.0.0.1:802 already',
      'x:3:25: listen[1].certFile: a: there is no such file',
      'x:3:37: listen[1].keyFile: b: there is no such file',
      'x:3:48: listen[1].caFile: c: there is no such file',
    ]);
  });

  test('port 0 is a new port each time', () => {
    expect(problems('listen: [{type: tcp, port: 0}, {type: tcp, port: 0}]\nunits: [{id: 1}]')).toEqual([]);
  });
});

describe('what only the library knows', () => {
  test.each([
    [
      unit(`identity: {vendorName: ${'é'.repeat(200)}, productCode: b, majorMinorRevision: c}`),
      /^x:2:34: units\[0\]\.identity\.vendorName: expected at most 244 bytes, found 400$/,
    ],
    [
      `listen: [{type: tcp, port: 0}, {type: tcp, port: 0}]\nidentity: {vendorName: ${'é'.repeat(200)}, productCode: b, majorMinorRevision: c}\nunits: [{id: 1}]`,
      /^x:2:24: identity\.vendorName: expected at most 244 bytes, found 400$/,
    ],
    [
      `identity: {vendorName: ${'é'.repeat(200)}, productCode: b, majorMinorRevision: c}\nunits: [{id: 1}]`,
      /^x:1:24: identity\.vendorName: expected at most 244 bytes, found 400$/,
    ],
    [
      unit('access: {limits: [{table: holdingRegisters, start: 0, count: 1, min: 1, enum: [1]}]}'),
      /^x:2:\d+: units\[0\]\.access\.limits\[0\]\.enum: give either enum or min and max/,
    ],
  ])('%j has its place in the file, too', (text, expected) => {
    expect(problems(text)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('all of it', () => {
  test('is reported at once, in the order of the file', () => {
    const text = `listen:
  - { type: tcp, port: 70000 }
units:
  - id: 1
    coil: []
    coils: [{ start: 0, count: 16 }, { start: 15, count: 2 }]
    discreteInputs: [{ start: 0, values: [2] }]
    fifos: [{ pointer: 1 }, { pointer: 1 }]
  - id: 2
    exceptionStatus: { coils: 100 }
  - id: 1
`;
    expect(problems(text).map((line) => line.split(' ', 2).join(' '))).toEqual([
      'x:2:24: listen[0].port:',
      'x:5:5: units[0].coil:',
      'x:6:47: units[0].coils[1].start:',
      'x:7:43: units[0].discreteInputs[0].values[0]:',
      'x:8:40: units[0].fifos[1].pointer:',
      'x:10:31: units[1].exceptionStatus.coils:',
      'x:11:9: units[2].id:',
    ]);
  });

  test('is reported at once for listeners, too, whatever is wrong with units', () => {
    const text = `listen:
  - { type: tls, port: 1, keyFile: k }
  - { type: tcp, port: 0, priorityClients: [plc] }
  - { type: serial, path: COM3, dataBits: 7 }
units:
  - id: 1
    nmae: x
`;
    expect(problems(text)).toEqual([
      'x:2:5: listen[0]: expected the key "certFile" (a text of at least 1 character), found none',
      "x:2:5: listen[0].caFile: the CA that clients' certificates must come from is missing; without client certificates: requireClientCertificate: false",
      'x:2:36: listen[0].keyFile: k: there is no such file',
      'x:3:45: listen[1].priorityClients[0]: expected an IP address or a network such as 192.168.1.0/24, found "plc"',
      'x:4:43: listen[2].dataBits: expected 8, found 7: RTU frames are made of 8-bit bytes',
      expect.stringContaining('x:7:5: units[0].nmae: unknown key'),
    ]);
  });

  test('has right places in JSON with tabs and CRLF, too', () => {
    expect(problems('{\r\n\t"units": [\r\n\t\t{ "id": 1, "name": 5 }\r\n\t]\r\n}')).toEqual([
      expect.stringMatching(/^x:3:22: units\[0\]\.name: /),
    ]);
  });

  test('follows anchors', () => {
    expect(problems('units:\n- {id: 1, coils: &c [{start: 0, values: [5]}]}\n- {id: 2, discreteInputs: *c}')).toEqual([
      expect.stringMatching(/^x:2:42: units\[0\]\.coils\[0\]\.values\[0\]: /),
      expect.stringMatching(/^x:2:42: units\[1\]\.discreteInputs\[0\]\.values\[0\]: /),
    ]);
  });
});
