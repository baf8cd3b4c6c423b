import { describe, expect, test } from 'vitest';
import { placeListeners, testSetup } from '../src/config/setup.js';
import type { Listener } from '../src/listeners/schema.js';
import { makeServer } from '../src/listeners/server.js';

function listeners(...given: Listener[]): string[] {
  const device = testSetup();
  placeListeners(
    device,
    given.map((listener) => ({ flag: `--${listener.type} X`, listener })),
  );
  return device.servers.map(({ name }) => name);
}

const TCP: Listener = { type: 'tcp', host: '127.0.0.1', port: 1502 };

describe('the listeners of the command line', () => {
  test('are one on 127.0.0.1:5020 where none is given', () => {
    expect(listeners()).toEqual(['tcp 127.0.0.1:5020']);
  });

  test('take the place of the default one', () => {
    expect(listeners(TCP, { ...TCP, host: '::1' }, { type: 'unix', path: 'a' }, { type: 'serial', path: 'b' })).toEqual(
      ['tcp 127.0.0.1:1502', 'tcp [::1]:1502', 'unix a', 'serial b'],
    );
  });

  test.each<[Listener, Listener]>([
    [TCP, TCP],
    [
      { type: 'udp', port: 1502 },
      { type: 'udp', host: '::', port: 1502 },
    ],
    [
      { type: 'unix', path: '/run/a' },
      { type: 'unix', path: '/run/../run/a' },
    ],
    [
      { type: 'serial', path: 'COM3' },
      { type: 'serial', path: 'COM3' },
    ],
  ])('may not be in the way of each other: %j, %j', (one, other) => {
    expect(() => listeners(one, other)).toThrow(
      new RegExp(`^--${other.type} X conflicts with the listener ${one.type} `),
    );
  });

  test('may have the same port number on TCP and UDP', () => {
    expect(listeners(TCP, { ...TCP, type: 'udp' })).toHaveLength(2);
  });

  test('are named by their own option where the library refuses a value', () => {
    const slow: Listener = { type: 'serial', path: 'COM3', baudRate: 1 };
    expect(() => listeners(slow)).toThrow('--baud: expected an integer from 50 to 12000000, found 1');
  });
});

test.each<[Listener, string]>([
  [{ type: 'serial', path: 'COM3', silence: 0 }, 'silence'],
  [{ type: 'tcp', port: 0, framing: 'rtu', silence: 0 }, 'silence'],
  [{ type: 'serial', path: 'COM3', turnaroundDelay: -1 }, 'turnaroundDelay'],
])('what a config says of timing comes to the library, which has the last word: %j', (listener, option) => {
  expect(() => makeServer(listener, testSetup().units, { wait: true })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', path: [option] }),
  );
});
