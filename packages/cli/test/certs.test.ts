import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../src/ground/usage-error.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { parseInvocation } from './helpers/invocation.js';

function problem(...argv: string[]): string {
  try {
    parseInvocation(['certs', ...argv]);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('the command line of certs', () => {
  test('has defaults for all', () => {
    const options = { out: 'certs', hosts: [], roles: [], days: 365, force: false };
    expect(parseInvocation(['certs'])).toEqual({ command: 'certs', options });
  });

  test('takes hosts and roles several times, and the same one once', () => {
    const words = 'certs --host plc.example --host 10.0.0.7 --host ::1 --host ::1 --role a --role b --role a'.split(
      ' ',
    );
    expect(parseInvocation([...words, '--out', 'x', '--days', '7', '--force'])).toEqual({
      command: 'certs',
      options: { out: 'x', hosts: ['plc.example', '10.0.0.7', '::1'], roles: ['a', 'b'], days: 7, force: true },
    });
  });

  test.each([
    [['here'], 'unexpected "here": a folder for the files is given with --out DIR'],
    [['--days', '0'], '--days takes a whole number from 1 to 3650, not "0"'],
    [['--days', '1.5'], '--days takes a whole number from 1 to 3650, not "1.5"'],
    [['--host', 'plc:502'], '--host takes a host name or an IP address, without a port, not "plc:502"'],
    [['--host', '10.0.0.256'], '--host takes a host name or an IP address, without a port, not "10.0.0.256"'],
    [['--role', 'a b', '--role', 'A/B'], '--role "a b" and "A/B" would have the same file, client-a_b.pem'],
    [['--role', 'r'.repeat(65)], `--role takes 64 characters at most: "${'r'.repeat(65)}"`],
    [['--roles', 'a'], 'unknown option --roles; did you mean --role?'],
    [['--config', 'a.yaml'], 'certs has no option --config; see busbar certs --help'],
  ])('refuses %j', (argv, message) => {
    expect(problem(...argv)).toBe(message);
  });

  test('is explained by its help', async () => {
    const { code, stdout } = await busbar(['help', 'certs']);
    expect(code).toBe(0);
    for (const option of ['--out', '--host', '--role', '--days', '--force']) expect(stdout).toContain(option);
  });
});

describe('busbar certs', () => {
  test('makes certificates of one CA, with keys that only their owner may read', async () => {
    using folder = folderWith({});
    const args = ['certs', '--out', 'made', '--role', 'operator', '--host', 'plc.example', '--days', '3'];
    const { code, stdout, stderr } = await busbar(args, { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const made = join(folder.path, 'made');
    const names = ['ca', 'client', 'client-operator', 'server'];
    expect(readdirSync(made).sort()).toEqual(names.flatMap((name) => [`${name}.key`, `${name}.pem`]).sort());
    const [authority, ...others] = names.map((name) => new X509Certificate(readFileSync(join(made, `${name}.pem`))));
    for (const certificate of others) expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);
    for (const host of ['localhost', 'plc.example']) expect(others[2].checkHost(host)).toBe(host);
    for (const address of ['127.0.0.1', '::1']) expect(others[2].checkIP(address)).toBe(address);
    expect(Date.parse(others[2].validTo) - Date.now()).toBeLessThanOrEqual(3 * 86_400_000);
    for (const name of names) expect(stdout).toContain(join('made', name));
    if (process.platform === 'win32') return;
    for (const name of names) expect(statSync(join(made, `${name}.key`)).mode & 0o777).toBe(0o600);
  });

  test('makes what serve takes, and clients with their roles', async () => {
    using folder = folderWith({});
    const role = 'Wärter 橋橋橋橋橋橋橋橋橋'.repeat(4);
    const { code } = await busbar(['certs', '--out', folder.path, '--role', role]);
    expect(code).toBe(0);
    const file = (name: string) => join(folder.path, name);
    const files = ['--cert', file('server.pem'), '--key', file('server.key'), '--ca', file('ca.pem')];
    const { serving, ports } = await Serving.start(['--tls', '127.0.0.1:0', ...files]);
    await using _ = serving;
    const withRole = readdirSync(folder.path).find((name) => /^client-.*\.pem$/.test(name)) ?? '';
    for (const [name, expected] of [['client.pem', null] as const, [withRole, role] as const]) {
      const [cert, key] = [name, name.replace('.pem', '.key')].map((each) => readFileSync(file(each)));
      // The server's name is checked as every client does it.
      const socket = connect({ host: '127.0.0.1', port: ports[0], ca: readFileSync(file('ca.pem')), cert, key });
      await once(socket, 'secureConnect');
      expect(await serving.next('connect')).toMatchObject({ peer: { role: expected } });
      socket.destroy();
    }
  });

  test('replaces nothing without --force', async () => {
    using folder = folderWith({ 'server.key': 'mine' });
    const file = join(folder.path, 'server.key');
    const { code, stderr } = await busbar(['certs', '--out', folder.path]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `busbar: there is ${file} already; --force replaces what is there, --out DIR writes elsewhere\n`,
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(existsSync(join(folder.path, 'ca.pem'))).toBe(false);
    const forced = await busbar(['certs', '--out', folder.path, '--force']);
    expect(forced.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('BEGIN PRIVATE KEY');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('says why it cannot write', async () => {
    using folder = folderWith({});
    mkdirSync(join(folder.path, 'a'));
    writeFileSync(join(folder.path, 'a', 'file'), '');
    const out = join(folder.path, 'a', 'file');
    const { code, stderr } = await busbar(['certs', '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^busbar: --out .*: can't be written: (a part of its path is a file, not a|there is no such) folder\n$/,
    );
  });
});
