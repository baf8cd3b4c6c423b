import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { OptionsError } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { createCountingUnit, readRegister, registerReply } from '../helpers/served.js';
import { Authority, folderWith } from './pki.js';
import { authority, operator, plain, type SecureServed, secured, serverIdentity, serveSecurely } from './secured.js';

const renewed = await authority.issue('renewed server');

/** What a server shows to a new client. */
async function shownBy({ connect }: SecureServed): Promise<string | undefined> {
  const client = await connect(operator);
  return client.socket.getPeerX509Certificate()?.subject;
}

function createFolder() {
  return folderWith({ 'server.pem': serverIdentity.cert, 'server.key': serverIdentity.key, 'ca.pem': authority.pem });
}

function fileOptions({ file }: ReturnType<typeof createFolder>) {
  const files = { certFile: file('server.pem'), keyFile: file('server.key'), caFile: file('ca.pem') };
  return { units: [createCountingUnit()], host: '127.0.0.1', port: 0, ...files };
}

describe('reloadCertificates', () => {
  test('is for new connections; the others live on', async () => {
    using folder = createFolder();
    const served = await serveSecurely({ ...fileOptions(folder), watchFiles: false });
    const reloaded = record(served.server, 'certificatesReloaded');
    const before = await served.connect(operator);
    folder.write('server.pem', renewed.cert);
    folder.write('server.key', renewed.key);
    expect(await shownBy(served)).toBe('CN=server');
    served.server.reloadCertificates();
    expect(await shownBy(served)).toBe('CN=renewed server');
    expect(reloaded.all).toHaveLength(1);
    expect(toHex(await before.request(1, readRegister(4)))).toBe(registerReply(4));
  });

  test('that finds the same certificates changes nothing', async () => {
    using folder = createFolder();
    const { server } = await serveSecurely({ ...fileOptions(folder), watchFiles: false });
    const reloaded = record(server, 'certificatesReloaded');
    server.reloadCertificates();
    expect(reloaded.all).toEqual([]);
  });

  test('throws on what is no good, and the old certificates stay in use', async () => {
    using folder = createFolder();
    const served = await serveSecurely({ ...fileOptions(folder), watchFiles: false });
    folder.write('server.pem', renewed.cert);
    expect(() => served.server.reloadCertificates()).toThrow(/server\.key: the private key does not belong/);
    expect(await shownBy(served)).toBe('CN=server');
    folder.write('server.key', renewed.key);
    served.server.reloadCertificates();
    expect(await shownBy(served)).toBe('CN=renewed server');
  });

  test('takes other certificates in place of the first', async () => {
    const served = await serveSecurely();
    served.server.reloadCertificates({ ...renewed, ca: authority.pem });
    expect(await shownBy(served)).toBe('CN=renewed server');
    expect(() => served.server.reloadCertificates({ ...renewed })).toThrow(OptionsError);
    await served.server.close();
    await served.server.listen();
    const socket = served.dial(operator, { port: served.server.address()?.port });
    await once(socket, 'secureConnect');
    expect(socket.getPeerX509Certificate()?.subject).toBe('CN=renewed server');
  });

  test('shuts out clients of a CA that is trusted no more, and revoked ones, sessions and all', async () => {
    const { server, dial } = await serveSecurely();
    const refused = record(server, 'refused');
    const sessions: Buffer[] = [];
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const [session] = await once(dial(plain, { maxVersion }).resume(), 'session');
      sessions.push(session);
    }
    server.reloadCertificates({ ...serverIdentity, ca: authority.pem, crl: await authority.revoke([plain]) });
    for (const session of sessions) dial(plain, { session }).resume();
    const revoked = await refused.reached(2);
    expect(revoked.map(({ error }) => error.code)).toEqual(['CERTIFICATE_REVOKED', 'CERTIFICATE_REVOKED']);
    const other = await Authority.create('Next CA');
    server.reloadCertificates({ ...serverIdentity, ca: other.pem });
    dial(operator).resume();
    expect((await refused.reached(3))[2]?.error.code).toBe('CERTIFICATE_UNTRUSTED');
  });
});

describe('watched files', () => {
  test('are taken anew when they have changed', async () => {
    using folder = createFolder();
    const served = await serveSecurely(fileOptions(folder));
    const [reloaded, errors] = [record(served.server, 'certificatesReloaded'), record(served.server, 'error')];
    const before = await served.connect(operator);
    folder.write('server.pem', renewed.cert);
    folder.write('server.key', renewed.key);
    await reloaded.reached(1);
    expect(await shownBy(served)).toBe('CN=renewed server');
    expect(toHex(await before.request(1, readRegister(4)))).toBe(registerReply(4));
    expect(errors.all).toEqual([]);
  });

  test('that are broken are an error event, the old ones stay, and the next good ones are taken', async () => {
    using folder = createFolder();
    const served = await serveSecurely(fileOptions(folder));
    const [reloaded, errors] = [record(served.server, 'certificatesReloaded'), record(served.server, 'error')];
    folder.write('server.pem', 'half a fi');
    const [error] = await errors.reached(1);
    expect(error).toBeInstanceOf(OptionsError);
    expect(error?.message).toMatch(/server\.pem: expected PEM with a CERTIFICATE/);
    expect(await shownBy(served)).toBe('CN=server');
    folder.write('server.pem', renewed.cert);
    folder.write('server.key', renewed.key);
    await reloaded.reached(1);
    expect(await shownBy(served)).toBe('CN=renewed server');
  });

  test('that are broken and then as they were before are told of, too', async () => {
    using folder = createFolder();
    const served = await serveSecurely(fileOptions(folder));
    const [reloaded, errors] = [record(served.server, 'certificatesReloaded'), record(served.server, 'error')];
    folder.write('server.pem', 'half a fi');
    await errors.reached(1);
    folder.write('server.pem', serverIdentity.cert);
    await reloaded.reached(1);
    expect(await shownBy(served)).toBe(new X509Certificate(serverIdentity.cert).subject);
  });

  test('are those that a reload has named', async () => {
    using folder = createFolder();
    const served = await serveSecurely(secured());
    const reloaded = record(served.server, 'certificatesReloaded');
    const { certFile, keyFile, caFile } = fileOptions(folder);
    folder.write('server.pem', renewed.cert);
    folder.write('server.key', renewed.key);
    served.server.reloadCertificates({ certFile, keyFile, caFile });
    expect(reloaded.all).toHaveLength(1);
    folder.write('server.pem', serverIdentity.cert);
    folder.write('server.key', serverIdentity.key);
    await reloaded.reached(2);
    expect(await shownBy(served)).toBe(new X509Certificate(serverIdentity.cert).subject);
  });
});
