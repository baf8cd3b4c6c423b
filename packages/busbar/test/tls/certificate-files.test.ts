import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, truncateSync } from 'node:fs';
import { ModbusTlsServer, OptionsError } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { createCountingUnit } from '../helpers/served.js';
import { folderWith } from './pki.js';
import { authority, operator, serverIdentity, serveSecurely } from './secured.js';

const { cert, key } = serverIdentity;
const FILES = { 'server.pem': cert, 'server.key': key, 'ca.pem': authority.pem };

function optionsFor({ file }: ReturnType<typeof folderWith>) {
  const files = { certFile: file('server.pem'), keyFile: file('server.key'), caFile: file('ca.pem') };
  return { units: [createCountingUnit()], host: '127.0.0.1', port: 0, ...files };
}

function replaceByPipe(file: string): void {
  execFileSync('rm', ['-f', file]);
  execFileSync('mkfifo', [file]);
}

describe('a certificate file', () => {
  test('that is a pipe, into which nobody writes, is refused when the server is made', () => {
    using folder = folderWith(FILES);
    replaceByPipe(folder.file('ca.pem'));
    expect(() => new ModbusTlsServer(optionsFor(folder))).toThrow(/ca\.pem: expected a file, found a pipe or a device/);
  });

  test('that has become a pipe is refused when the server begins to listen', async () => {
    using folder = folderWith(FILES);
    const server = new ModbusTlsServer(optionsFor(folder));
    replaceByPipe(folder.file('server.key'));
    await expect(server.listen()).rejects.toThrow(/server\.key: expected a file, found a pipe/);
  });

  test('that becomes a pipe is an error event, and the old certificates stay in use', async () => {
    using folder = folderWith(FILES);
    const { server, connect } = await serveSecurely(optionsFor(folder));
    const errors = record(server, 'error');
    replaceByPipe(folder.file('ca.pem'));
    const [error] = await errors.reached(1);
    expect(error).toBeInstanceOf(OptionsError);
    expect(error?.message).toMatch(/ca\.pem: expected a file, found a pipe/);
    await connect(operator);
  });

  test('that is a device or a folder is refused', () => {
    using folder = folderWith(FILES);
    mkdirSync(folder.file('folder'));
    const options = optionsFor(folder);
    expect(() => new ModbusTlsServer({ ...options, caFile: '/dev/zero' })).toThrow(/expected a file/);
    expect(() => new ModbusTlsServer({ ...options, caFile: folder.file('folder') })).toThrow(/it is a folder/);
  });

  test('of more than 16 MiB is refused unread', () => {
    using folder = folderWith(FILES);
    truncateSync(folder.file('ca.pem'), 20 * 1024 ** 3);
    expect(() => new ModbusTlsServer(optionsFor(folder))).toThrow(/ca\.pem: it is larger than 16 MiB/);
  });
});

describe('a private key that every user of the machine may read', () => {
  test('is told of, also after a reload', async () => {
    using folder = folderWith(FILES);
    chmodSync(folder.file('server.key'), 0o644);
    const server = new ModbusTlsServer({ ...optionsFor(folder), watchFiles: false });
    const warnings = record(server, 'warning');
    await server.listen();
    expect(warnings.all).toMatchObject([
      { code: 'PRIVATE_KEY_READABLE', message: expect.stringMatching(/server\.key: every user .* chmod o-r/) },
    ]);
    const other = await authority.issue('other');
    folder.write('server.pem', other.cert);
    folder.write('server.key', other.key);
    server.reloadCertificates();
    expect(warnings.all).toHaveLength(2);
    await server.close();
  });

  test.each([0o600, 0o640])('is not one of mode %o, of which nothing is told', async (mode) => {
    using folder = folderWith(FILES);
    chmodSync(folder.file('server.key'), mode);
    const server = new ModbusTlsServer(optionsFor(folder));
    const warnings = record(server, 'warning');
    await server.listen();
    await server.close();
    expect(warnings.all).toEqual([]);
  });
});
