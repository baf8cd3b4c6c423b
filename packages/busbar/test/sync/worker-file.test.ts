import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OptionsError, StateError } from 'busbar';
import { startTcpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { createCountingUnit } from '../helpers/served.js';
import { thrownBy } from './thrown.js';

// In a bundle, no file is beside this one.
vi.mock('../../src/sync/worker-file.js', () => ({ workerFile: new URL('file:///no/such/busbar-worker.js') }));

const builtWorker = new URL('../../dist/sync/busbar-worker.js', import.meta.url);

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
  stopServerSync();
  folder.remove();
});

function start(workerFile?: string | URL, unit = createCountingUnit()) {
  return startTcpServerSync({ units: [unit], port: 0, workerFile });
}

function writeWorker(source: string): string {
  const path = join(folder.path, 'worker.mjs');
  writeFileSync(path, source);
  return path;
}

describe('the file of the thread', () => {
  test('is named by workerFile, as a URL or a path', () => {
    expect(start(builtWorker).listening).toBe(true);
    expect(start('packages/busbar/dist/sync/busbar-worker.js').listening).toBe(true);
  });

  test('has to be a URL or a path', () => {
    expect(thrownBy(() => start(''))).toBeInstanceOf(OptionsError);
  });

  test('that is not there is told at once, with what to do in a bundle', () => {
    const error = thrownBy(() => start());
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({ code: 'SERVER_THREAD_NOT_STARTED' });
    expect(error.message).toContain('file:///no/such/busbar-worker.js does not run');
    expect(error.message).toContain('keep busbar external');
    expect(error.message).toContain('workerFile');
  });

  test.each([
    ['has an error', 'throw new Error("no idea");', 'no idea'],
    ['throws a thing without a message', 'throw undefined;', 'undefined'],
    ['is no JavaScript', 'this is none', 'Unexpected'],
    ['imports what is not there', 'import "./nothing.js";', 'nothing.js'],
    ['is another program', 'export default 1;', "not the program of a server's thread"],
    ['ends by itself', 'process.exit(3);', 'it has ended'],
  ])('that %s is told at once', (_, source, reason) => {
    const error = thrownBy(() => start(writeWorker(source)));
    expect(error).toMatchObject({ name: 'StateError', code: 'SERVER_THREAD_NOT_STARTED' });
    expect(error.message).toContain(reason);
  });

  test('that never comes to its end is not waited for longer than a minute', () => {
    const path = writeWorker('await new Promise((resolve) => setTimeout(resolve, 1e9));');
    vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(60_001);
    const error = thrownBy(() => start(path));
    expect(error).toMatchObject({ name: 'StateError', code: 'SERVER_THREAD_NOT_STARTED' });
    expect(error.message).toContain('within 60 s');
  });

  test('that fails leaves the units as they were', () => {
    const unit = createCountingUnit();
    thrownBy(() => start(undefined, unit));
    expect(unit.files.create(1, { start: 0, count: 1 }).get(0)).toBe(0);
  });

  test('may be gone once the thread runs', () => {
    const path = writeWorker(`export * from ${JSON.stringify(builtWorker.href)};`);
    const server = start(pathToFileURL(path));
    rmSync(path);
    expect(server.counters.requests).toBe(0);
  });
});
