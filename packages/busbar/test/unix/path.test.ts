import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ListenError, ModbusUnixServer, OptionsError } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createCountingUnit } from '../helpers/served.js';
import { create, isServedAt, socketFolder } from './socket-folder.js';

const LIMIT = process.platform === 'linux' ? 107 : 103;

/** A path of so many bytes. */
function pathOf(bytes: number, folder: string, letter = 'x'): string {
  const room = bytes - Buffer.byteLength(`${folder}/`);
  return join(folder, letter.repeat(room / Buffer.byteLength(letter)));
}

describe('the path of a socket', () => {
  test('may be as long as the system takes it', async () => {
    using folder = socketFolder();
    const path = pathOf(LIMIT, folder.path);
    await using server = await create({ path }).listen();
    expect(server.address()).toBe(path);
    expect(readdirSync(folder.path).map((name) => join(folder.path, name))).toEqual([path]);
    expect(await isServedAt(path)).toBe(true);
  });

  test('that is longer is refused by the constructor, and no socket is made elsewhere', () => {
    using folder = socketFolder();
    const long = join(folder.path, 'a'.repeat(LIMIT - folder.path.length - 1), 'b.sock');
    const error = optionsError({ path: long });
    expect(error).toMatchObject({ code: 'INVALID_OPTION', path: ['path'] });
    expect(error.message).toContain(`at most ${LIMIT} bytes here, found ${LIMIT + 7}`);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('is measured in bytes, not in characters', () => {
    using folder = socketFolder();
    const even = LIMIT - ((LIMIT - folder.path.length - 1) % 2);
    expect(() => create({ path: pathOf(even, folder.path, 'é') })).not.toThrow();
    expect(optionsError({ path: `${pathOf(even, folder.path, 'é')}é` }).path).toEqual(['path']);
  });

  test.each([
    ['', 'found an empty string'],
    ['/tmp/a\0b', 'found one with a NUL in it'],
    [5, 'expected a string, found 5'],
  ])('%j is refused', (path, message) => {
    expect(optionsError({ path }).message).toContain(message);
  });
});

function optionsError(options: object): OptionsError {
  try {
    Reflect.construct(ModbusUnixServer, [{ units: [createCountingUnit()], ...options }]);
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('not refused');
}

/** What `listen()` says of a path. */
async function listenError(path: string): Promise<ListenError> {
  const error: unknown = await create({ path })
    .listen()
    .catch((reason: unknown) => reason);
  if (error instanceof ListenError) return error;
  throw new Error(`no ListenError: ${error}`);
}

describe('what is wrong with the folder of a socket is said', () => {
  test('it is not there', async () => {
    using folder = socketFolder();
    const path = join(folder.path, 'none', 'a.sock');
    expect(await listenError(path)).toMatchObject({
      code: 'ENOENT',
      message: `cannot listen on ${path}: there is no folder ${dirname(path)}; create it, or choose another path (ENOENT)`,
    });
  });

  test('it is no folder', async () => {
    using folder = socketFolder();
    const path = join(folder.path, 'a.sock');
    await using _ = await create({ path }).listen();
    expect((await listenError(join(path, 'b.sock'))).message).toContain(`${path} is not a folder; choose another path`);
  });

  test('this user may not make files in it', async () => {
    using folder = socketFolder();
    using _ = withoutRights(folder.path);
    const error = await listenError(join(folder.path, 'a.sock'));
    expect(error).toMatchObject({ code: 'EACCES' });
    expect(error.message).toContain(`this user may not create files in the folder ${folder.path}; permit it`);
    expect(error.message).not.toContain('port');
  });
});

/** Nobody may write the folder, and this process is not root. */
function withoutRights(folder: string) {
  const root = process.geteuid?.() === 0;
  chmodSync(folder, 0o555);
  if (root) process.seteuid?.('nobody');
  return {
    [Symbol.dispose]: () => {
      if (root) process.seteuid?.(0);
      chmodSync(folder, 0o755);
    },
  };
}

describe('mode', () => {
  test.each([0o600, 0o660, 0o666, 0o777])(
    '%i is what the socket has, whatever the umask of the process',
    async (mode) => {
      for (const umask of [0o000, 0o022, 0o077]) {
        using folder = socketFolder();
        const path = join(folder.path, 'a.sock');
        using _ = withUmask(umask);
        await using server = await create({ path, mode }).listen();
        expect(statSync(path).mode & 0o777).toBe(mode);
        expect(process.umask()).toBe(umask);
        expect(server.listening).toBe(true);
        expect(await isServedAt(path)).toBe(true);
      }
    },
  );

  test('is there from the first moment on: before the event loop has turned', async () => {
    using folder = socketFolder();
    using _ = withUmask(0);
    const path = join(folder.path, 'a.sock');
    const server = create({ path, mode: 0o600 });
    const listening = server.listen();
    for (let i = 0; !existsSync(path) && i < 100; i++) await Promise.resolve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await listening;
    await server.close();
  });

  test('without it is that of the files of the process', async () => {
    using folder = socketFolder();
    using _ = withUmask(0o027);
    const path = join(folder.path, 'a.sock');
    await using server = await create({ path }).listen();
    expect(statSync(path).mode & 0o777).toBe(0o750);
    expect(server.listening).toBe(true);
  });

  test.each([-1, 660, 1.5, '0660', '660', null])('%j is refused', (mode) => {
    expect(optionsError({ path: '/tmp/a.sock', mode })).toMatchObject({
      path: ['mode'],
      message: expect.stringContaining('expected permissions from 0 to 0o777, such as 0o660'),
    });
  });

  test('is refused for what is no file', () => {
    expect(optionsError({ path: '\0boiler', mode: 0o660 })).toMatchObject({ path: ['mode'] });
  });
});

function withUmask(umask: number) {
  const before = process.umask(umask);
  return { [Symbol.dispose]: () => void process.umask(before) };
}
