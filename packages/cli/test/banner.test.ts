import { Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import type { Listener, RoleRule, TcpListener, TlsListener } from '../src/listeners/schema.js';
import { banner } from '../src/log/banner.js';
import { Logger } from '../src/log/logger.js';
import { TestOutput } from './helpers/output.js';

const log = new Logger('pretty', 'info', new TestOutput(), {});
const AT: TcpListener = { type: 'tcp', host: '127.0.0.1', port: 5020 };
const FILES = { certFile: 's.pem', keyFile: 's.key' };
const TLS: TlsListener = { type: 'tls', host: '127.0.0.1', port: 802, ...FILES, caFile: 'ca.pem' };

function lines(units: UnitOptions[], listening: Listener[] = [AT]): string[] {
  const served = units.map((options) => new Unit(options));
  const places = listening.map((listener) => ({ listener, units: served }));
  const text = banner({ title: 'Busbar', places, units: served }, log);
  return text.split('\n').map((line) => line.trim());
}

function commandFor(unit: Partial<UnitOptions>, host = '127.0.0.1'): string | undefined {
  return commands([{ ...AT, host }], [{ id: 3, ...unit }])[0];
}

function commands(listening: Listener[], units: UnitOptions[]): string[] {
  return lines(units, listening).filter((line) => /^(mbpoll|openssl) /.test(line));
}

describe('the banner', () => {
  test('names each listener, and says where every address is open', () => {
    const text = lines([{ id: 1 }], [AT, { ...AT, host: '::1' }, { ...AT, host: '0.0.0.0' }, { ...AT, host: '::' }]);
    expect(text).toContain('tcp 127.0.0.1:5020');
    expect(text).toContain('tcp [::1]:5020');
    expect(text).toContain('tcp 0.0.0.0:5020  (every address of this machine)');
    expect(text).toContain('tcp [::]:5020  (every address of this machine)');
  });

  test('says what is special of a listener', () => {
    const text = lines(
      [{ id: 1 }],
      [
        { ...AT, framing: 'mbap' },
        { ...AT, framing: 'rtu', host: '::' },
        { type: 'udp', host: '::1', port: 502, framing: 'ascii' },
        { type: 'unix', path: '/run/busbar.sock' },
        { type: 'serial', path: 'COM3' },
        { type: 'serial', path: 'COM4', baudRate: 9600, parity: 'none', framing: 'ascii' },
        { type: 'serial', path: 'COM5', parity: 'none', stopBits: 1 },
        { ...AT, name: 'field bus', framing: 'rtu' },
        { ...TLS, requireClientCertificate: false },
      ],
    );
    expect(text.slice(2, 11)).toEqual([
      'tcp 127.0.0.1:5020',
      'tcp [::]:5020, RTU framing  (every address of this machine)',
      'udp [::1]:502, ASCII framing',
      'unix /run/busbar.sock',
      'serial COM3, 19200 baud, 8E1, RTU framing',
      'serial COM4, 9600 baud, 7N2, ASCII framing',
      'serial COM5, 19200 baud, 8N1, RTU framing',
      'tcp 127.0.0.1:5020 (field bus), RTU framing',
      'tls 127.0.0.1:802, client certificates not required',
    ]);
  });

  test('says what the clients of each role may do', () => {
    const range = { start: 0, count: 8 };
    const roles: RoleRule[] = [
      { role: 'operator', functions: [3, 16], units: [1, 2] },
      {
        role: 'viewer',
        ranges: [
          { ...range, table: 'coils' },
          { ...range, table: 'holdingRegisters', start: 100 },
        ],
      },
      { role: 'admin' },
      { role: null, functions: [43] },
    ];
    const text = lines([{ id: 1 }], [TLS, { ...TLS, roles: [] }, { ...TLS, roles }]);
    expect(text.slice(2, 11)).toEqual([
      'tls 127.0.0.1:802',
      'every client that is let in may do everything',
      'tls 127.0.0.1:802',
      'no role may do anything',
      'tls 127.0.0.1:802',
      'role operator: functions 3, 16; units 1, 2',
      'role viewer: coils 0..7 (00001..00008), holding registers 100..107 (40101..40108)',
      'role admin: everything',
      'no role: functions 43',
    ]);
  });

  test('names each unit with what it has, in protocol addresses and the references of manuals', () => {
    const text = lines([
      {
        id: 1,
        name: 'boiler',
        coils: [{ start: 0, count: 16 }],
        discreteInputs: [{ start: 9998, count: 1 }],
        holdingRegisters: [
          { start: 0, count: 3 },
          { start: 3, count: 2 },
          { start: 9999, count: 1 },
          { start: 65535, count: 1 },
        ],
        inputRegisters: [0, 2, 4, 6, 8, 10].map((start) => ({ start, count: 1 })),
        files: [{ number: 4, start: 0, count: 1 }],
        fifos: [{ pointer: 500 }],
      },
      { id: 2 },
    ]);
    expect(text).toEqual(
      expect.arrayContaining([
        'unit 1 boiler',
        'coils              0..15 (00001..00016)',
        'discrete inputs    9998 (19999)',
        'input registers    0 (30001), 2 (30003), 4 (30005), 6 (30007) and 2 more',
        'holding registers  0..4 (40001..40005), 9999 (410000), 65535 (465536)',
        'files              4',
        'FIFO queues        500',
        'unit 2',
        'without data',
      ]),
    );
    expect(text.at(-1)).toBe('Ctrl-C stops');
  });
});

test('says what each listener serves where that is not everything, and how to try that', () => {
  const block = [{ start: 0, count: 1 }];
  const [boiler, meter] = ['boiler', 'meter'].map((name) => new Unit({ id: 1, name, holdingRegisters: block }));
  const third = new Unit({ id: 3, coils: block });
  const places = [
    { listener: AT, units: [boiler, third] },
    { listener: { ...AT, port: 5021 }, units: [meter] },
  ];
  const text = banner({ title: 'Busbar', places, units: [boiler, meter, third] }, log);
  expect(text).toContain(
    '  tcp 127.0.0.1:5020\n    serves unit 1 (boiler), unit 3\n  tcp 127.0.0.1:5021\n    serves unit 1 (meter)\n',
  );
  expect(text.match(/-p \d+ -a \d/g)).toEqual(['-p 5020 -a 1', '-p 5021 -a 1']);
});

test('shows what would steer the terminal in names and paths', () => {
  const text = lines([{ id: 1, name: 'a\u001b[2J\nunit 2' }], [{ type: 'unix', path: 'b\rc' }]);
  expect(text).toContain('unit 1 a\\u001b[2J\\u000aunit 2');
  expect(text).toContain('unix b\\u000dc');
});

describe('the mbpoll command of the banner', () => {
  const block = [{ start: 100, count: 5 }];

  test.each([
    ['holding registers', { holdingRegisters: block, inputRegisters: block, coils: block }, '-t 4 -r 100 -c 5'],
    ['input registers where there are no others', { inputRegisters: block, coils: block }, '-t 3 -r 100 -c 5'],
    ['discrete inputs before coils', { discreteInputs: block, coils: block }, '-t 1 -r 100 -c 5'],
    ['coils where there is nothing else', { coils: block }, '-t 0 -r 100 -c 5'],
    ['not too many', { holdingRegisters: [{ start: 0, count: 65536 }] }, '-t 4 -r 0 -c 10'],
  ])('reads %s', (_, unit, options) => {
    expect(commandFor(unit)).toBe(`mbpoll -m tcp -p 5020 -a 3 -0 ${options} -1 127.0.0.1`);
  });

  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['::1', '::1'],
    ['192.168.1.2', '192.168.1.2'],
  ])('for a listener on %s goes to %s', (host, target) => {
    expect(commandFor({ coils: block }, host)).toMatch(new RegExp(` ${target}$`));
  });

  test('takes the first unit that has something to read', () => {
    expect(lines([{ id: 1 }, { id: 2, coils: block }])).toContain(
      'mbpoll -m tcp -p 5020 -a 2 -0 -t 0 -r 100 -c 5 -1 127.0.0.1',
    );
  });

  test('is left out where nothing can be read', () => {
    expect(commandFor({})).toBeUndefined();
  });

  test('reads what the listener lets clients read', () => {
    const units = [{ id: 3, holdingRegisters: block, coils: block }];
    expect(commands([{ ...AT, functions: [1, 5] }], units)).toEqual([
      'mbpoll -m tcp -p 5020 -a 3 -0 -t 0 -r 100 -c 5 -1 127.0.0.1',
    ]);
    expect(commands([{ ...AT, functions: [5] }], units)).toEqual([]);
  });
});

describe('the commands of the banner', () => {
  const units = [0, 3].map((id) => ({ id, coils: [{ start: 0, count: 1 }] }));

  test('are one for each listener with which a common tool speaks', () => {
    const listening: Listener[] = [
      AT,
      { ...AT, framing: 'rtu' },
      { ...AT, type: 'udp' },
      { type: 'unix', path: 'a' },
      { type: 'serial', path: 'COM3', baudRate: 9600, parity: 'none', stopBits: 1 },
      { type: 'serial', path: 'COM4', framing: 'ascii' },
      TLS,
    ];
    expect(commands(listening, units)).toEqual([
      'mbpoll -m tcp -p 5020 -a 0 -0 -t 0 -r 0 -c 1 -1 127.0.0.1',
      'mbpoll -m rtu -b 9600 -P none -s 1 -a 3 -0 -t 0 -r 0 -c 1 -1 PORT   (PORT: the other end of the line)',
      'openssl s_client -connect 127.0.0.1:802 -CAfile ca.pem -cert CLIENT.PEM -key CLIENT.KEY',
    ]);
  });

  test('need no client certificate where none is required', () => {
    expect(commands([{ type: 'tls', host: '::', port: 0, ...FILES, requireClientCertificate: false }], units)).toEqual([
      'openssl s_client -connect [::1]:0',
    ]);
  });
});
