import { Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { banner } from '../src/banner.js';
import { Logger } from '../src/log.js';

const log = new Logger('pretty', 'info', { write: () => undefined }, {});
const AT = { type: 'tcp', host: '127.0.0.1', port: 5020 };

function lines(units: UnitOptions[], listening = [AT]): string[] {
  const text = banner(
    'Busbar',
    listening,
    units.map((options) => new Unit(options)),
    log,
  );
  return text.split('\n').map((line) => line.trim());
}

function commandFor(unit: Partial<UnitOptions>, host = '127.0.0.1'): string | undefined {
  return lines([{ id: 3, ...unit }], [{ ...AT, host }]).find((line) => line.startsWith('mbpoll'));
}

describe('the banner', () => {
  test('names each listener, and says where every address is open', () => {
    const text = lines([{ id: 1 }], [AT, { ...AT, host: '::1' }, { ...AT, host: '0.0.0.0' }, { ...AT, host: '::' }]);
    expect(text).toContain('tcp 127.0.0.1:5020');
    expect(text).toContain('tcp [::1]:5020');
    expect(text).toContain('tcp 0.0.0.0:5020  (every address of this machine)');
    expect(text).toContain('tcp [::]:5020  (every address of this machine)');
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
});
