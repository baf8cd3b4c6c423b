import { Unit } from 'busbar';
import { startTcpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, expect, test, vi } from 'vitest';
import { blocksOf } from '../../../../interop/helpers/document.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

afterEach(() => {
  vi.restoreAllMocks();
  stopServerSync();
});

test('the module of the guide serves', async () => {
  const source =
    blocksOf('docs/sync.md')
      .find(({ language }) => language === 'mjs')
      ?.lines.join('\n') ?? '';
  const unit = new Unit({ id: 1, coils: [{ start: 0, values: [true] }] });
  const module = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const server = startTcpServerSync({ units: [unit, new Unit({ id: 2 })], port: 0, module });
  const client = await MbapClient.connect({ host: '127.0.0.1', port: server.address()?.port ?? 0 });
  expect(await ask(client, 1, 'fc:41')).toBe('4101');
  expect(await ask(client, 2, 'fc:03 start:0000 quantity:0002')).toBe('030400070007');
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await client.close();
  await expect.poll(() => String(printed.mock.calls)).toContain('127.0.0.1 is gone');
});
