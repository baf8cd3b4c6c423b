import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ModbusUnixServer } from 'busbar';
import { describe, expect, test } from 'vitest';
import { create, isServedAt, leaveSocket, socketFolder } from './socket-folder.js';

async function failure(server: ModbusUnixServer): Promise<unknown> {
  return await server.listen().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a socket that a killed program has left behind', () => {
  test('is taken over', async () => {
    using folder = socketFolder();
    const path = join(folder.path, 'a.sock');
    leaveSocket(path);
    await using server = await create({ path, mode: 0o600 }).listen();
    expect(server.address()).toBe(path);
    expect(await isServedAt(path)).toBe(true);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path)).toEqual([basename(path)]);
    await server.close();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('is taken over by one of several that start at once; the others leave it alone', async () => {
    for (let round = 0; round < 5; round++) {
      using folder = socketFolder();
      const path = join(folder.path, 'a.sock');
      leaveSocket(path);
      const servers = Array.from({ length: 6 }, () => create({ path }));
      const failures = await Promise.all(servers.map(failure));
      const winners = servers.filter(({ listening }) => listening);
      expect(winners).toHaveLength(1);
      expect(failures.filter((error) => error !== undefined)).toEqual(
        Array(5).fill(expect.objectContaining({ name: 'ListenError', code: 'EADDRINUSE' })),
      );
      expect(await isServedAt(path)).toBe(true);
      expect(readdirSync(folder.path)).toEqual([basename(path)]);
      await winners[0]?.close();
    }
  });
});

describe('what is at the path stays as it is', () => {
  test('if a server listens there', async () => {
    using folder = socketFolder();
    const path = join(folder.path, 'a.sock');
    await using server = await create({ path }).listen();
    const error = await failure(create({ path }));
    expect(error).toMatchObject({
      name: 'ListenError',
      code: 'EADDRINUSE',
      message: `cannot listen on ${path}: another program listens there; stop it, or choose another path (EADDRINUSE)`,
    });
    expect(await isServedAt(path)).toBe(true);
    expect(server.listening).toBe(true);
  });

  test.each([
    ['a file', (path: string) => writeFileSync(path, 'mine'), (path: string) => readFileSync(path, 'utf8') === 'mine'],
    ['a folder', (path: string) => mkdirSync(path), (path: string) => lstatSync(path).isDirectory()],
    ['a symbolic link', (path: string) => symlinkSync('elsewhere', path), (path: string) => readlinkSync(path) !== ''],
  ])('if it is %s', async (kind, make, isThere) => {
    using folder = socketFolder();
    const path = join(folder.path, 'a.sock');
    make(path);
    const error = await failure(create({ path }));
    expect(error).toMatchObject({ name: 'ListenError', code: 'EADDRINUSE' });
    expect(String(error)).toContain(`cannot listen on ${path}: there is ${kind}, not a socket; choose another path`);
    expect(isThere(path)).toBe(true);
    expect(readdirSync(folder.path)).toEqual([basename(path)]);
  });

  test('if it is a link to a leftover socket', async () => {
    using folder = socketFolder();
    const path = join(folder.path, 'a.sock');
    leaveSocket(join(folder.path, 'b.sock'));
    symlinkSync('b.sock', path);
    expect(String(await failure(create({ path })))).toContain('there is a symbolic link, not a socket');
    expect(readdirSync(folder.path).toSorted()).toEqual(['a.sock', 'b.sock']);
  });
});
