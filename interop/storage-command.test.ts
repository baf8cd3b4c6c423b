import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../packages/cli/test/helpers/client.js';
import { Serving } from '../packages/cli/test/helpers/command.js';
import { temporaryFolder } from './helpers/folder.js';
import { ONCE, run, runChecked } from './helpers/process.js';
import { until } from './helpers/until.js';
import { Disk, isRoot } from './storage/disk.js';

// The command itself: `keep` in its config, on a disk of the test's own.

/** The command, which keeps its values in a folder. */
async function keeping(folder: string, mode: string, env: Record<string, string> = {}) {
  const home = temporaryFolder();
  const config = `listen: [{ type: tcp, port: 0 }]
http: { port: 0 }
keep: { in: ${join(folder, 'state')}, mode: ${mode} }
units: [{ id: 1, name: boiler, holdingRegisters: [{ start: 0, count: 10 }] }]
`;
  writeFileSync(join(home.path, 'plant.yaml'), config);
  const { serving, ports, before } = await Serving.start(['--config', 'plant.yaml'], home.path, { env });
  onTestFinished(async () => {
    await serving[Symbol.asyncDispose]();
    home.remove();
  });
  const url = String(before.find(({ event }) => event === 'http')?.url);
  return {
    serving,
    ask: (pdu: string) => ask(ports[0], 1, pdu),
    mbpoll: async (...args: string[]) => {
      const { stdout, stderr } = await run('mbpoll', [...ONCE, '-t', '4', '-r', '0', '-p', `${ports[0]}`, ...args]);
      return stdout + stderr;
    },
    ready: async () => (await fetch(new URL('readyz', url))).status,
  };
}

test('mbpoll reads after kill -9 what it has written', async () => {
  using folder = temporaryFolder();
  const first = await keeping(folder.path, 'durable');
  for (const value of ['7', '8', '9']) expect(await first.mbpoll('127.0.0.1', value)).toContain('Written 1');
  await first.serving.stop('SIGKILL');
  const second = await keeping(folder.path, 'durable');
  expect(await second.mbpoll('127.0.0.1')).toMatch(/^\[0\]:\s+9/m);
});

/** The same, on a disk that does no sync from `hang` on. */
async function hanging(folder: string, mode: string) {
  const [library, file] = [join(folder, 'hanging.so'), join(folder, 'hang')];
  const source = fileURLToPath(new URL('storage/hanging-sync.c', import.meta.url));
  await runChecked('gcc', ['-shared', '-fPIC', '-o', library, source]);
  const kept = await keeping(folder, mode, { LD_PRELOAD: library, HANG_FILE: file });
  return { ...kept, hang: () => writeFileSync(file, '') };
}

describe('while the disk holds a thread of the process', () => {
  test('a stop ends, and says what is not kept', async () => {
    using folder = temporaryFolder();
    const { serving, ask, hang } = await hanging(folder.path, 'interval, interval: 1h');
    expect(await ask('0600000007')).toBe('0600000007');
    hang();
    const { code, stdout } = await serving.stop('SIGTERM');
    expect(code).toBeNull();
    expect(stdout).toContain('the store has not written within 5000 ms; what has changed last in unit 1 is not kept');
  });

  test('a second signal ends it, too', async () => {
    using folder = temporaryFolder();
    const { serving, ask, hang } = await hanging(folder.path, 'durable');
    hang();
    expect(await ask('0600000007')).toBe('8604');
    serving.child.kill('SIGTERM');
    await serving.next('stopping');
    expect((await serving.stop('SIGTERM')).code).toBeNull();
  });
});

describe.runIf(isRoot)('while the disk is full', () => {
  test('writes get exception 04, reads go on, and all goes on by itself when there is room', async () => {
    const disk = await Disk.mount('tmpfs');
    onTestFinished(() => disk[Symbol.asyncDispose]());
    const { serving, ask, ready } = await keeping(disk.path, 'durable');
    expect(await ask('0600000007')).toBe('0600000007');
    disk.fill();
    // LevelDB may have some room of its own left.
    await until(async () => (await ask('0600000008')) === '8604');
    expect(await serving.next('storageFailed')).toMatchObject({
      level: 'error',
      message: expect.stringMatching(/^values are not kept any more: .*; clients may not write until it works again$/),
    });
    expect(await ready()).toBe(503);
    expect(await ask('0300000001')).toMatch(/^030200/);
    disk.free();
    expect(await serving.next('storageRecovered')).toMatchObject({ level: 'info' });
    expect(await ready()).toBe(200);
    expect(await ask('0600000009')).toBe('0600000009');
  });

  test('the command says when it ends that not all is kept, by its exit code, too', async () => {
    const disk = await Disk.mount('tmpfs');
    onTestFinished(() => disk[Symbol.asyncDispose]());
    const { serving, ask, ready } = await keeping(disk.path, 'interval, interval: 5ms');
    disk.fill();
    await until(async () => {
      expect(await ask('0600000008')).toBe('0600000008');
      return (await ready()) === 503;
    });
    expect(await ask('0600000009')).toBe('0600000009');
    expect(await serving.next('storageFailed')).toMatchObject({
      message: expect.stringMatching(/; it is tried again$/),
    });
    const { code, stdout } = await serving.stop('SIGTERM');
    expect(code).toBe(1);
    expect(stdout).toContain('"event":"storageFailed"');
  });
});
