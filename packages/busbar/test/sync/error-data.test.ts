import { HandlerError, OptionsError } from 'busbar';
import { expect, test } from 'vitest';
import { decodeError, encodeError } from '../../src/sync/error-data.js';
import { HOSTILE } from '../helpers/hostile.js';

test.each(HOSTILE)('%s reaches the other thread as an error, alone and as a cause', (_what, make) => {
  for (const thrown of [make(), new HandlerError('HANDLER_FAILED', 'broken', {}, { cause: make() })]) {
    const error = decodeError(structuredClone(encodeError(thrown)));
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toEqual(expect.any(String));
  }
});

test('a handler error keeps its message whatever caused it', () => {
  for (const [, make] of HOSTILE) {
    const { message } = encodeError(new HandlerError('HANDLER_FAILED', 'broken', { unit: 1 }, { cause: make() }));
    expect(message).toBe('broken (unit 1)');
  }
});

test('an OptionsError keeps all of its problems', () => {
  const error = new OptionsError(['units', 0], 'is wrong', [{ path: ['port'], problem: 'is wrong, too' }]);
  const decoded = decodeError(structuredClone(encodeError(error)));
  expect(decoded).toBeInstanceOf(OptionsError);
  expect(decoded).toMatchObject({ path: ['units', 0], problems: error.problems, message: error.message });
});
