import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Authority } from '../../busbar/test/tls/pki.js';
import { Certificates } from './helpers/certificates.js';
import { request } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const READ = '0300000003';
const REPLY = '0306001400150016';
const FILES = 'certFile: server.pem, keyFile: server.key, caFile: ca.pem';
const FLAGS = ['--tls', '127.0.0.1:0', '--cert', 'server.pem', '--key', 'server.key'];

function config(more = '', files = FILES): string {
  return `listen:
  - { type: tls, port: 0, ${files}${more} }
units: [{ id: 1, name: boiler, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] }, { id: 2 }]
`;
}

const ROLES = config(`, roles: [
      { role: operator, functions: [3, 16], units: [1], ranges: [{ table: holdingRegisters, start: 0, count: 3 }] },
      { role: null, functions: [43] } ]`);

describe('what a role may do', () => {
  test('is what its rules allow; the rest gets exception 01 without an effect, and is in the log', async () => {
    using folder = folderWith({ 'a.yaml': ROLES });
    const certificates = new Certificates(folder.path);
    certificates.issue('jane', { role: 'operator' });
    const { serving, ports } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
    await using _ = serving;
    const jane = await certificates.connected(ports[0], 'jane');
    const peer = { transport: 'tls', address: '127.0.0.1', role: 'operator', certificate: { subject: 'CN=jane' } };
    expect(await serving.next('connect')).toMatchObject({
      peer,
      message: expect.stringContaining('(role operator)'),
    });

    expect(await request(jane, 1, '060000002a')).toBe('8601');
    expect(await serving.next('denied')).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/ was denied function 6 on unit 1 \(boiler\), holding register 0 \(40001\)$/),
      ...{ peer, role: 'operator', unit: 1, functionCode: 6, table: 'holdingRegisters', address: 0, quantity: 1 },
    });
    expect(await request(jane, 1, READ)).toBe(REPLY);
    expect(await request(jane, 2, READ)).toBe('8301');
    expect(await request(jane, 1, '0300020002')).toBe('8301');
    jane.destroy();
  });

  test('without a role is what the rules for that allow', async () => {
    using folder = folderWith({ 'a.yaml': ROLES });
    const certificates = new Certificates(folder.path);
    certificates.issue('joe');
    const { serving, ports } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
    await using _ = serving;
    const joe = await certificates.connected(ports[0], 'joe');
    expect(await request(joe, 1, READ)).toBe('8301');
    expect(await serving.next('denied')).toMatchObject({ role: null, message: expect.stringContaining('(no role)') });
    joe.destroy();
  });
});

describe('who is let in', () => {
  test('is who has a certificate from the CA; others are in the log with the reason', async () => {
    using folder = folderWith({ secret: 'open sesame\n' });
    const certificates = new Certificates(folder.path);
    certificates.issue('server', { passphrase: 'open sesame' });
    certificates.issue('jane', { role: 'operator' });
    const args = [...FLAGS, '--ca', 'ca.pem', '--passphrase-file', 'secret'];
    const { serving, ports } = await Serving.start(args, folder.path);
    await using _ = serving;
    const jane = await certificates.connected(ports[0], 'jane');
    expect(await request(jane, 1, '060000002a')).toBe('060000002a');
    jane.destroy();

    const stranger = await certificates.connected(ports[0]);
    const closed = new Promise((resolve) =>
      stranger
        .on('error', () => undefined)
        .on('close', resolve)
        .resume(),
    );
    expect(await serving.next('refused')).toMatchObject({
      level: 'warn',
      code: 'NO_CERTIFICATE',
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+ was refused by tls 127\.0\.0\.1:\d+: the client has no certificate/,
      ),
    });
    await closed;
  });

  test('is everyone with --no-client-certificate, which the log warns of', async () => {
    using folder = folderWith({});
    const certificates = new Certificates(folder.path);
    const { serving, ports, before } = await Serving.start([...FLAGS, '--no-client-certificate'], folder.path);
    await using _ = serving;
    expect(before).toContainEqual(
      expect.objectContaining({ event: 'warning', level: 'warn', code: 'CLIENT_CERTIFICATE_NOT_REQUIRED' }),
    );
    const stranger = await certificates.connected(ports[0]);
    expect(await request(stranger, 1, '0300000001')).toBe('03020000');
    stranger.destroy();
  });
});

test('certificates that change are used for new connections, and the log says so', async () => {
  using folder = folderWith({ 'a.yaml': config() });
  const certificates = new Certificates(folder.path);
  certificates.issue('jane');
  const { serving, ports } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
  await using _ = serving;
  const before = await certificates.connected(ports[0], 'jane');
  certificates.issue('server');
  await serving.next('certificatesReloaded');
  const after = await certificates.connected(ports[0], 'jane');
  expect(after.getPeerCertificate().fingerprint256).not.toBe(before.getPeerCertificate().fingerprint256);
  for (const socket of [before, after]) {
    expect(await request(socket, 1, READ)).toBe(REPLY);
    socket.destroy();
  }
});

test('certificates that are broken while they are in use leave the old ones in use, and the log says so', async () => {
  using folder = folderWith({ 'a.yaml': config() });
  const certificates = new Certificates(folder.path);
  certificates.issue('jane');
  const { serving, ports } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
  await using _ = serving;
  const file = join(folder.path, 'server.pem');
  const sound = readFileSync(file);
  writeFileSync(file, 'half a fi');
  expect(await serving.next('error')).toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(
      /: expected PEM with a CERTIFICATE, found none; the certificates from before stay in use$/,
    ),
  });
  const jane = await certificates.connected(ports[0], 'jane');
  expect(await request(jane, 1, READ)).toBe(REPLY);
  jane.destroy();
  writeFileSync(file, sound);
  await serving.next('certificatesReloaded');
});

test('clients that were revoked are cut, and the log says so', async () => {
  using folder = folderWith({ 'a.yaml': config(', crlFile: ca.crl, weakKeys: refuse, recheckClients: true') });
  const certificates = new Certificates(folder.path);
  certificates.issue('jane');
  certificates.revocationList();
  const { serving, ports } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
  await using _ = serving;
  const jane = await certificates.connected(ports[0], 'jane');
  expect(await request(jane, 1, READ)).toBe(REPLY);
  certificates.revocationList('jane');
  expect(await serving.next('disconnect')).toMatchObject({
    code: 'CERTIFICATE_REVOKED',
    message: expect.stringMatching(/ disconnected: the client's certificate was revoked \(CN=jane\)$/),
  });
  jane.destroy();
});

test('a certificate that ends soon, and a private key that all may read, are in the log', async () => {
  using folder = folderWith({ 'a.yaml': config() });
  const authority = await Authority.create('test CA');
  const { cert, key } = await authority.issue('server', { from: -100, until: 0.5 });
  for (const [name, text] of Object.entries({ 'server.pem': cert, 'server.key': key, 'ca.pem': authority.pem })) {
    writeFileSync(join(folder.path, name), text, { mode: 0o644 });
  }
  const { serving, before } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
  await using _ = serving;
  const message = expect.stringMatching(
    /^tls 127\.0\.0\.1:0: .*server\.pem: the server's certificate \(CN=server\) expires in \d+ minutes \(20/,
  );
  const ends = { event: 'certificateExpires', level: 'warn', kind: 'certificate', subject: 'CN=server', message };
  expect(before).toContainEqual(expect.objectContaining(ends));
  expect(before).toContainEqual(expect.objectContaining({ event: 'warning', code: 'PRIVATE_KEY_READABLE' }));
});

describe('certificates that are no good', () => {
  test.each([
    [
      'missing',
      'certFile: no.pem, keyFile: server.key, caFile: ca.pem',
      '2:37: listen[0].certFile: no.pem: there is no such file',
    ],
    [
      'of someone else',
      'certFile: server.pem, keyFile: ca.key, caFile: ca.pem',
      '2:58: listen[0].keyFile: ca.key: the private key does not belong to the certificate (CN=server)',
    ],
    [
      'encrypted',
      'certFile: locked.pem, keyFile: locked.key, caFile: ca.pem',
      '2:58: listen[0].keyFile: locked.key: the private key is encrypted, and there is no passphrase',
    ],
    [
      'without an authority',
      'certFile: server.pem, keyFile: server.key',
      "2:5: listen[0].caFile: the CA that clients' certificates must come from is missing; without client certificates: requireClientCertificate: false",
    ],
  ])('are reported with their place in the config: %s', async (_name, files, message) => {
    using folder = folderWith({ 'a.yaml': config('', files) });
    new Certificates(folder.path).issue('locked', { passphrase: 'open sesame' });
    const result = await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path });
    expect(result).toEqual({ code: 2, stdout: '', stderr: `a.yaml:${message}\nbusbar: 1 problem in a.yaml\n` });
  });

  test.each([
    ['--cert', ['--cert', 'no.pem', '--key', 'server.key', '--ca', 'ca.pem'], 'no.pem: there is no such file'],
    ['--key', ['--cert', 'server.pem', '--key', 'no.key', '--ca', 'ca.pem'], 'no.key: there is no such file'],
    ['--ca', ['--cert', 'server.pem', '--key', 'server.key', '--ca', '.'], '.: it is a folder'],
  ])('are reported with their option: %s', async (option, args, message) => {
    using folder = folderWith({});
    new Certificates(folder.path);
    const { code, stderr } = await busbar(['serve', '--tls', '127.0.0.1:0', ...args], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr.split('\n')[0]).toBe(`busbar: ${option}: ${message}`);
  });
});

test('the output for people has the roles, and the handshake to try', async () => {
  using folder = folderWith({ 'a.yaml': ROLES });
  const certificates = new Certificates(folder.path);
  certificates.issue('jane');
  await using serving = Serving.pretty(['--config', 'a.yaml'], folder.path);
  const text = await serving.textUntil('Ctrl-C stops\n');
  const port = Number(/^ {2}tls 127\.0\.0\.1:(\d+)$/m.exec(text)?.[1]);
  expect(text).toContain(
    '    role operator: functions 3, 16; units 1; holding registers 0..2 (40001..40003)\n    no role: functions 43\n',
  );
  expect(text).toContain(
    `  openssl s_client -connect 127.0.0.1:${port} -CAfile ca.pem -cert CLIENT.PEM -key CLIENT.KEY\n`,
  );
  const jane = await certificates.connected(port, 'jane');
  await request(jane, 1, READ);
  expect(await serving.textUntil('denied')).toMatch(
    / warn {2}127\.0\.0\.1:\d+ \(no role\) was denied function 3 on unit 1/,
  );
  jane.destroy();
});
