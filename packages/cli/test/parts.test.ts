import { describe, expect, onTestFinished, test } from 'vitest';
import { runParts } from '../src/app/app.js';
import { type Part, PartError } from '../src/app/part.js';
import { Logger } from '../src/log/logger.js';
import { TestOutput } from './helpers/output.js';

/** Writes down what becomes of parts. */
function part(name: string, told: string[], more: Partial<Part> = {}): Part {
  return {
    start: async () => void told.push(`start ${name}`),
    stop: async () => void told.push(`stop ${name}`),
    ...more,
  };
}

function run(parts: Part[]) {
  onTestFinished(() => void ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.removeAllListeners(signal)));
  const output = new TestOutput();
  return { output, code: runParts(parts, new Logger('json', 'info', output)) };
}

const failing = (event: string) => async () => {
  throw new PartError({ event, text: 'no luck' });
};

describe('the parts of a running command', () => {
  test('are started in order and stopped in reverse when one fails for good, which is exit code 1', async () => {
    const told: string[] = [];
    const { code } = run([part('a', told), part('b', told, { failed: Promise.resolve() }), part('c', told)]);
    expect(await code).toBe(1);
    expect(told).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  test('are stopped on a signal, which is exit code 0', async () => {
    const told: string[] = [];
    const { code } = run([part('a', told, { start: async () => void process.emit('SIGTERM') })]);
    expect(await code).toBe(0);
    expect(told).toEqual(['stop a']);
  });

  test('are stopped when a later one cannot start, and the log says why', async () => {
    const told: string[] = [];
    const { code, output } = run([part('a', told), part('b', told, { start: failing('unlucky') }), part('c', told)]);
    expect(await code).toBe(1);
    expect(told).toEqual(['start a', 'stop a']);
    expect(JSON.parse(output.lines[0] ?? '')).toMatchObject({ level: 'error', event: 'unlucky', message: 'no luck' });
  });

  test('are stopped, too, when starting one shows a fault of ours', async () => {
    const told: string[] = [];
    const fault = new TypeError('a fault');
    const start = async () => {
      throw fault;
    };
    await expect(run([part('a', told), part('b', told, { start })]).code).rejects.toBe(fault);
    expect(told).toEqual(['start a', 'stop a']);
  });

  test('are all stopped when one has not ended as it should, which is exit code 1', async () => {
    const told: string[] = [];
    const { code, output } = run([
      part('a', told),
      part('b', told, { stop: failing('unlucky') }),
      part('c', told, { start: async () => void process.emit('SIGTERM') }),
    ]);
    expect(await code).toBe(1);
    expect(told).toEqual(['start a', 'start b', 'stop c', 'stop a']);
    expect(output.lines.map((line) => JSON.parse(line).event)).toEqual(['stopping', 'unlucky']);
  });

  test('are all stopped, even where stopping one of them fails', async () => {
    const told: string[] = [];
    const fault = new Error('it cannot stop');
    const stop = async () => {
      throw fault;
    };
    const { code } = run([part('a', told), part('b', told, { stop, failed: Promise.resolve() })]);
    await expect(code).rejects.toBe(fault);
    expect(told).toEqual(['start a', 'start b', 'stop a']);
  });
});
