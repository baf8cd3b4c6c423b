import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ListenError, ModbusTlsServer, OptionsError, secureContextOptions, type TlsServerOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { createCountingUnit, readRegister, registerReply } from '../helpers/served.js';
import { Authority, folderWith } from './pki.js';
import { authority, operator, plain, secured, serverIdentity, serveSecurely } from './secured.js';

const PASSPHRASE = 'correct horse';

function encrypt(key: string): string {
  return createPrivateKey(key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
    .toString();
}

/** All files that a test may name. */
const FILES = {
  'server.pem': serverIdentity.cert,
  'server.key': serverIdentity.key,
  'server.enc.key': encrypt(serverIdentity.key),
  'other.key': plain.key,
  'expired.pem': (await authority.issue('old', { from: -2, until: -1 })).cert,
  'early.pem': (await authority.issue('young', { from: 1, until: 2 })).cert,
  'ca.pem': authority.pem,
  'expired-ca.pem': (await Authority.create('Old CA', { from: -2, until: -1 })).pem,
  'list.crl': await authority.revoke([plain]),
  'expired.crl': await authority.revoke([plain], -1),
  'text.txt': 'no PEM at all\n',
  'damaged.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  'damaged.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  'damaged.enc.key': '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
  'damaged.crl': '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n',
  'rsa512.key': 'replaced below',
};
FILES['rsa512.key'] = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
}) as string;

const FILE_OPTIONS = ['certFile', 'keyFile', 'caFile', 'crlFile'] as const;
type Given = Partial<Record<(typeof FILE_OPTIONS)[number], string | undefined>> & Partial<TlsServerOptions>;

/** Options of a server whose files are good, but for what a test changes. */
function optionsFor(given: Given, file: (name: string) => string): TlsServerOptions {
  const names: Given = { certFile: 'server.pem', keyFile: 'server.key', caFile: 'ca.pem', ...given };
  const paths = FILE_OPTIONS.map((option) => [option, names[option] === undefined ? undefined : file(names[option])]);
  return { units: [createCountingUnit()], host: '127.0.0.1', port: 0, ...names, ...Object.fromEntries(paths) };
}

function problemOf(create: () => unknown): OptionsError {
  try {
    create();
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('accepted');
}

const PROBLEMS: [title: string, given: Given, option: string, message: RegExp][] = [
  [
    'no certificate',
    { certFile: undefined },
    'certFile',
    /certificate is missing; nothing is ever served in clear text/,
  ],
  ['no key', { keyFile: undefined }, 'keyFile', /private key .* is missing/],
  ['no CA', { caFile: undefined }, 'caFile', /CA .* is missing; .*requireClientCertificate: false/],
  [
    'no CA for a revocation list',
    { caFile: undefined, crlFile: 'list.crl', requireClientCertificate: false },
    'caFile',
    /needs its CA/,
  ],
  ['a file that is not there', { certFile: 'nowhere.pem' }, 'certFile', /nowhere\.pem: there is no such file/],
  ['a folder', { keyFile: '.' }, 'keyFile', /it is a folder/],
  [
    'a file without PEM',
    { certFile: 'text.txt' },
    'certFile',
    /text\.txt: expected PEM with a CERTIFICATE, found none$/,
  ],
  ['a key for a certificate', { certFile: 'server.key' }, 'certFile', /server\.key: .*, found only a PRIVATE KEY$/],
  ['a certificate for a key', { keyFile: 'server.pem' }, 'keyFile', /server\.pem: .*, found only a CERTIFICATE$/],
  ['a CA file without a certificate', { caFile: 'list.crl' }, 'caFile', /list\.crl: .*, found only a X509 CRL$/],
  ['a revocation list file without one', { crlFile: 'ca.pem' }, 'crlFile', /ca\.pem: .*, found only a CERTIFICATE$/],
  [
    'a damaged certificate',
    { certFile: 'damaged.pem' },
    'certFile',
    /damaged\.pem: a certificate in it cannot be read/,
  ],
  ['a damaged key', { keyFile: 'damaged.key' }, 'keyFile', /damaged\.key: the private key cannot be read/],
  ['a damaged CA', { caFile: 'damaged.pem' }, 'caFile', /damaged\.pem: a certificate in it cannot be read/],
  [
    'a damaged revocation list',
    { crlFile: 'damaged.crl' },
    'crlFile',
    /damaged\.crl: a revocation list in it cannot be read/,
  ],
  [
    'an expired certificate',
    { certFile: 'expired.pem' },
    'certFile',
    /expired\.pem: the certificate has expired \(.* GMT\)/,
  ],
  [
    'a certificate that is not valid yet',
    { certFile: 'early.pem' },
    'certFile',
    /early\.pem: .* not valid yet \(from .* GMT\)/,
  ],
  ['an expired CA', { caFile: 'expired-ca.pem' }, 'caFile', /expired-ca\.pem: the CA \(CN=Old CA\) has expired/],
  [
    'an expired revocation list',
    { crlFile: 'expired.crl' },
    'crlFile',
    /expired\.crl: the revocation list has expired \(20/,
  ],
  [
    "another certificate's key",
    { keyFile: 'other.key' },
    'keyFile',
    /other\.key: .* does not belong to the certificate \(CN=server\)/,
  ],
  ['a key of another kind', { keyFile: 'rsa512.key' }, 'keyFile', /rsa512\.key: .* does not belong to the certificate/],
  [
    'an encrypted key without a passphrase',
    { keyFile: 'server.enc.key' },
    'keyFile',
    /encrypted, and there is no passphrase/,
  ],
  [
    'an encrypted key with an empty passphrase',
    { keyFile: 'server.enc.key', passphrase: '' },
    'keyFile',
    /there is no passphrase/,
  ],
  [
    'an encrypted key with a wrong passphrase',
    { keyFile: 'server.enc.key', passphrase: 'x' },
    'keyFile',
    /the passphrase is wrong/,
  ],
  ['a damaged encrypted key', { keyFile: 'damaged.enc.key', passphrase: 'x' }, 'keyFile', /or the file is damaged/],
  ['a certificate given twice', { cert: serverIdentity.cert }, 'cert', /either certFile or cert, not both/],
  ['TLS 1.1', { minVersion: 'TLSv1.1' as 'TLSv1.2' }, 'minVersion', /one of "TLSv1\.2", "TLSv1\.3", found "TLSv1\.1"/],
  ['no time for handshakes', { handshakeTimeout: 0 }, 'handshakeTimeout', /from 1 to/],
];

describe('a server is not made', () => {
  test.each(PROBLEMS)('with %s, and the error names file and fault', (_, given, option, message) => {
    using folder = folderWith(FILES);
    const options = optionsFor(given, folder.file);
    const error = problemOf(() => new ModbusTlsServer(options));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', path: [option] });
  });

  test('and does not listen, once its certificate file is gone', async () => {
    using folder = folderWith(FILES);
    const server = new ModbusTlsServer(optionsFor({}, folder.file));
    folder.write('server.pem', 'gone');
    const error = await server.listen().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/server\.pem: expected PEM/),
    });
    folder.write('server.pem', serverIdentity.cert);
    await server.listen();
    await server.close();
  });
});

describe('a server takes', () => {
  const accepts = async (options: TlsServerOptions) => {
    const { connect } = await serveSecurely(options);
    const client = await connect(operator);
    expect(toHex(await client.request(1, readRegister(9)))).toBe(registerReply(9));
  };

  test('files', async () => {
    using folder = folderWith(FILES);
    await accepts(optionsFor({ crlFile: 'list.crl' }, folder.file));
  });

  test('an encrypted key with its passphrase', async () => {
    using folder = folderWith(FILES);
    await accepts(optionsFor({ keyFile: 'server.enc.key', passphrase: PASSPHRASE }, folder.file));
  });

  test('bytes in place of files', async () => {
    await accepts(secured({ cert: Buffer.from(serverIdentity.cert), ca: new TextEncoder().encode(authority.pem) }));
  });

  test('a bundle of CAs of which one has expired', async () => {
    await accepts(secured({ ca: FILES['expired-ca.pem'] + authority.pem }));
  });

  test('several revocation lists, each for its CA', async () => {
    const second = await Authority.create('Second CA');
    const [good, bad] = [await second.issue('good'), await second.issue('bad')];
    const crl = FILES['list.crl'] + (await second.revoke([bad]));
    const { server, connect, dial } = await serveSecurely(secured({ ca: authority.pem + second.pem, crl }));
    const refused = record(server, 'refused');
    await connect(good);
    await connect(operator);
    dial(bad).resume();
    dial(plain).resume();
    const events = await refused.reached(2);
    expect(events.map(({ error }) => error.code)).toEqual(['CERTIFICATE_REVOKED', 'CERTIFICATE_REVOKED']);
  });

  const given = { ...serverIdentity, ca: authority.pem };
  const base = { units: [createCountingUnit()], host: '127.0.0.1', port: 0 };
  test.each([
    ['a ready context', createSecureContext(given)],
    ['the options of a context', given],
  ])('%s, and still wants certificates', async (_, secureContext) => {
    const { server, connect, dial } = await serveSecurely({ ...base, secureContext });
    const connected = record(server, 'connect');
    const refused = record(server, 'refused');
    const client = await connect(operator);
    expect(toHex(await client.request(1, readRegister(9)))).toBe(registerReply(9));
    expect(connected.all[0]?.peer.role).toBe('operator');
    dial(undefined).resume();
    expect((await refused.reached(1))[0]?.error.code).toBe('NO_CERTIFICATE');
    expect(() => server.reloadCertificates()).toThrow(OptionsError);
  });

  test('a ready context, and renegotiates no more than with its own', async () => {
    const { server, connect } = await serveSecurely({ ...base, secureContext: createSecureContext(given) });
    const disconnected = record(server, 'disconnect');
    const client = await connect(operator, { maxVersion: 'TLSv1.2' });
    client.socket.renegotiate({}, () => {});
    const [event] = await disconnected.reached(1);
    expect(event?.error).toMatchObject({ code: 'ERR_TLS_RENEGOTIATION_DISABLED' });
  });
});

describe('secureContextOptions', () => {
  test('returns a given context, or its options, as they are', () => {
    const options = { ...serverIdentity, ca: authority.pem };
    const context = createSecureContext(options);
    expect(secureContextOptions({ secureContext: context })).toBe(context);
    expect(secureContextOptions({ secureContext: options })).toBe(options);
  });

  test('makes safe ones from files', () => {
    using folder = folderWith(FILES);
    const { certFile, keyFile, caFile } = optionsFor({}, folder.file);
    const options = secureContextOptions({ certFile, keyFile, caFile });
    expect(options).toMatchObject({ minVersion: 'TLSv1.2', cert: serverIdentity.cert, ca: authority.pem });
    expect(options).toMatchObject({ ciphers: expect.stringContaining('ECDHE-RSA-AES128-GCM-SHA256') });
    expect(String('ciphers' in options && options.ciphers)).not.toMatch(/NULL|RC4|CBC|-SHA(:|$)/);
    createSecureContext('context' in options ? {} : options);
  });

  test.each<[string, Parameters<typeof secureContextOptions>[0], string]>([
    ['without a certificate', { secureContext: {} }, 'secureContext'],
    ['without a CA, which would be any public one', { secureContext: serverIdentity }, 'secureContext'],
    ['beside files', { secureContext: { ...serverIdentity, ca: authority.pem }, caFile: 'ca.pem' }, 'caFile'],
    ['that are none', { secureContext: 'server.pem' as never }, 'secureContext'],
  ])('refuses given options %s', (_, input, option) => {
    expect(problemOf(() => secureContextOptions(input))).toMatchObject({ path: [option] });
  });
});
