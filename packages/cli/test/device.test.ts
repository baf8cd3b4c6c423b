import { describe, expect, test } from 'vitest';
import { addListeners, testDevice } from '../src/device.js';

function listeners(...tcp: Parameters<typeof addListeners>[1]): string[] {
  const device = testDevice();
  addListeners(device, tcp);
  return device.servers.map(({ name }) => name);
}

describe('the listeners of the command line', () => {
  test('are one on 127.0.0.1:5020 where none is given', () => {
    expect(listeners()).toEqual(['tcp 127.0.0.1:5020']);
  });

  test('take the place of the default one', () => {
    expect(listeners({ host: '127.0.0.1', port: 1502 }, { host: '::1', port: 1502 })).toEqual([
      'tcp 127.0.0.1:1502',
      'tcp [::1]:1502',
    ]);
  });

  test('are on every address where no host is given', () => {
    expect(listeners({ port: 1502 })).toEqual([expect.stringMatching(/^tcp (\[::\]|0\.0\.0\.0):1502$/)]);
  });

  test('may not be in the way of each other', () => {
    const twice = { host: '127.0.0.1', port: 1502 };
    expect(() => listeners(twice, twice)).toThrow(
      '--tcp 127.0.0.1:1502 conflicts with the listener tcp 127.0.0.1:1502',
    );
  });
});
