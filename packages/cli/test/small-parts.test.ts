import { formatEndpoint } from 'busbar';
import { describe, expect, test } from 'vitest';
import { nearest } from '../src/ground/suggest.js';
import { endpointsConflict, parseEndpoint } from '../src/listeners/endpoint.js';
import { busbar } from './helpers/command.js';

describe('the nearest known name', () => {
  const known = ['start', 'count', 'value', 'values'];

  test.each([
    ['strat', 'start'],
    ['Count', 'count'],
    ['vlaues', 'values'],
    ['val', 'value'],
    ['holding', undefined],
    ['', undefined],
  ])('of %j is %j', (name, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });
});

describe('an endpoint', () => {
  test('is written as it is read', () => {
    for (const text of ['127.0.0.1:5020', 'localhost:0', '[::1]:502']) {
      const endpoint = parseEndpoint(text);
      if (typeof endpoint === 'string') throw new Error(endpoint);
      expect(formatEndpoint(endpoint.host ?? '', endpoint.port)).toBe(text);
    }
  });

  test.each([
    ['127.0.0.1:5020', '127.0.0.1:5020', true],
    ['LocalHost:5020', 'localhost:5020', true],
    ['0.0.0.0:5020', '127.0.0.1:5020', true],
    ['[::]:5020', '127.0.0.1:5020', true],
    ['[::]:5020', '[::1]:5020', true],
    ['0.0.0.0:5020', '[::1]:5020', false],
    ['127.0.0.1:5020', '127.0.0.2:5020', false],
    ['127.0.0.1:5020', '127.0.0.1:5021', false],
    ['127.0.0.1:0', '127.0.0.1:0', false],
  ])('%s beside %s conflicts: %s', (one, other, expected) => {
    const [a, b] = [one, other].map((text) => {
      const endpoint = parseEndpoint(text);
      return typeof endpoint === 'string'
        ? expect.unreachable(endpoint)
        : { host: endpoint.host ?? '', port: endpoint.port };
    });
    expect(endpointsConflict(a, b)).toBe(expected);
  });
});

test('too few file descriptors to start with are no fault of the command, which says what to do', async () => {
  const { code, stderr } = await busbar(['serve', '--print-schema'], { descriptors: 36 });
  const told =
    'busbar: this process may not open enough files to start; raise the limit, for example with: ulimit -n 1024\n';
  // Newer versions of Node.js open its modules one after the other, so that it starts all the same.
  expect([
    { code: 1, stderr: told },
    { code: 0, stderr: '' },
  ]).toContainEqual({ code, stderr });
});
