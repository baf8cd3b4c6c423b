import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { ModbusTlsServer } from 'busbar';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGate, record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import type { MbapClient } from '../helpers/mbap-client.js';
import { readRegister, registerReply } from '../helpers/served.js';
import { createPresented, nodeTellsChains } from './chains.js';
import { Authority, folderWith, type Identity } from './pki.js';
import { authority, operator, plain, type SecureServed, secured, serverIdentity, serveSecurely } from './secured.js';

const HOUR_MS = 3_600_000;
const reloaded = { ...serverIdentity, ca: authority.pem };
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

afterEach(() => {
  vi.useRealTimers();
});

/** Time goes by for the server, but not for OpenSSL. */
function passHours(hours: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * HOUR_MS });
}

async function isServed(client: Pick<MbapClient, 'request'>): Promise<boolean> {
  return toHex((await client.request(1, readRegister(4))) ?? new Uint8Array(0)) === registerReply(4);
}

/** A client that the server knows, too: with TLS 1.3 it is the last to learn of the end of a handshake. */
async function join(
  { connect }: SecureServed,
  identity: Identity,
  options?: ConnectionOptions,
): Promise<MbapClient<TLSSocket>> {
  const client = await connect(identity, options);
  expect(await isServed(client)).toBe(true);
  return client;
}

async function sessionOf({ dial }: SecureServed, identity: Identity, maxVersion: (typeof versions)[number]) {
  const socket = dial(identity, { maxVersion }).resume();
  const [session] = await once(socket, 'session');
  return session as Buffer;
}

/** Passes the client's first flight on, and its second when it is told to. */
async function heldUpRelay(port: number) {
  const [begun, goesOn] = [createGate(), createGate()];
  const sockets: Socket[] = [];
  const relay = createServer((client) => {
    const server = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(
      server,
      client.on('error', () => {}),
    );
    client.once('data', (hello: Buffer) => {
      server.write(hello);
      client.pause();
      void goesOn.opened.then(() => client.pipe(server));
    });
    server.once('data', () => begun.open()).pipe(client);
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  const end = () => {
    for (const socket of sockets) socket.destroy();
    relay.close();
  };
  const { port: own } = relay.address() as AddressInfo;
  return { port: own, begun: begun.opened, goOn: () => goesOn.open(), [Symbol.asyncDispose]: async () => end() };
}

const cutOf = (server: ModbusTlsServer) => record(server, 'disconnect');

describe('an open connection', () => {
  test.each(versions)('is cut once its client is revoked, and no other is, with %s', async (maxVersion) => {
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    const [bad, good] = [await join(served, plain, { maxVersion }), await join(served, operator, { maxVersion })];
    served.server.reloadCertificates({ ...reloaded, crl: await authority.revoke([plain]) });
    const [event] = await disconnected.reached(1);
    expect(event?.error).toMatchObject({
      name: 'ConnectionError',
      code: 'CERTIFICATE_REVOKED',
      message: "the client's certificate was revoked (CN=plain)",
    });
    expect(event?.peer.port).toBe(bad.socket.localPort);
    expect(await bad.next()).toBeUndefined();
    expect(await isServed(good)).toBe(true);
    expect(disconnected.all).toHaveLength(1);
  });

  test('is cut once a watched file revokes its client', async () => {
    const crl = await authority.revoke([]);
    using folder = folderWith({ 'list.crl': crl });
    const served = await serveSecurely({ ...secured(), crlFile: folder.file('list.crl') });
    const disconnected = cutOf(served.server);
    await join(served, plain);
    folder.write('list.crl', await authority.revoke([plain]));
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
  });

  test('is cut once its CA is trusted no more', async () => {
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    await join(served, operator);
    const other = await Authority.create('Test CA');
    served.server.reloadCertificates({ ...reloaded, ca: other.pem });
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'CERTIFICATE_UNTRUSTED' });
  });

  test('is kept while its client would still be let in', async () => {
    const served = await serveSecurely();
    const client = await join(served, operator);
    const other = await Authority.create('Next CA');
    const crl = (await authority.revoke([plain])) + (await other.revoke([]));
    served.server.reloadCertificates({ ...reloaded, ca: other.pem + authority.pem, crl });
    expect(await isServed(client)).toBe(true);
    expect(served.server.connections).toBe(1);
  });

  test('is cut at the end of its certificate', async () => {
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    await join(served, operator);
    passHours(1.5);
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({
      code: 'CERTIFICATE_EXPIRED',
      message: "the client's certificate, or its CA's, has expired (CN=operator 7)",
    });
  });

  test('is cut at the end of its CA', async () => {
    const shortLived = await Authority.create('Short CA', { until: 0.5 });
    const served = await serveSecurely(secured({ ca: authority.pem + shortLived.pem }));
    const disconnected = cutOf(served.server);
    const client = await join(served, operator);
    await join(served, await shortLived.issue('client', { until: 2 }));
    passHours(0.7);
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'CERTIFICATE_EXPIRED' });
    expect(await isServed(client)).toBe(true);
  });

  test('outlives all that with recheckClients: false', async () => {
    const kept = await serveSecurely(secured({ recheckClients: false }));
    const cut = await serveSecurely();
    const disconnected = cutOf(cut.server);
    const client = await join(kept, plain);
    await join(cut, operator);
    kept.server.reloadCertificates({ ...reloaded, crl: await authority.revoke([plain]) });
    expect(await isServed(client)).toBe(true);
    passHours(1.5);
    await disconnected.reached(1);
    expect(await isServed(client)).toBe(true);
  });
});

describe('a handshake that began before its client was revoked', () => {
  test.each(versions)('is refused, with %s', async (maxVersion) => {
    const served = await serveSecurely();
    const refused = record(served.server, 'refused');
    await using relay = await heldUpRelay(served.port);
    served.dial(plain, { maxVersion, port: relay.port }).resume();
    await relay.begun;
    served.server.reloadCertificates({ ...reloaded, crl: await authority.revoke([plain]) });
    relay.goOn();
    expect((await refused.reached(1))[0]?.error.code).toBe('CERTIFICATE_REVOKED');
    expect(served.server.counters.connectionsAccepted).toBe(0);
  });
});

const tellsChains = await nodeTellsChains();

describe('a client whose certificate comes from a CA between', () => {
  const presented = async () => {
    const { issuing, identity } = await createPresented();
    const lists = async (revoked: Identity[]) => (await issuing.revoke(revoked)) + (await authority.revoke([]));
    return { issuing, identity, lists };
  };

  async function isChecked(): Promise<void> {
    const { identity, lists } = await presented();
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    const client = await join(served, identity);
    served.server.reloadCertificates({ ...reloaded, crl: await lists([]) });
    expect(await isServed(client)).toBe(true);
    served.server.reloadCertificates({ ...reloaded, crl: await lists([identity]) });
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
  }

  async function isCutAndComesAgain(): Promise<void> {
    const { identity, lists } = await presented();
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    await join(served, identity);
    served.server.reloadCertificates({ ...reloaded, crl: await lists([]) });
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'CERTIFICATE_UNTRUSTED' });
    await join(served, identity);
  }

  if (tellsChains) test('is checked by what it has sent', isChecked);
  else test('is cut, and let in again, where Node.js does not tell what it has sent', isCutAndComesAgain);

  test('is cut when that CA is revoked', async () => {
    const { issuing, identity } = await presented();
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    await join(served, identity);
    const crl = (await issuing.revoke([])) + (await authority.revoke([{ cert: issuing.pem, key: issuing.key }]));
    served.server.reloadCertificates({ ...reloaded, crl });
    const code = tellsChains ? 'CERTIFICATE_REVOKED' : 'CERTIFICATE_UNTRUSTED';
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code });
  });
});

describe('a session', () => {
  test.each(versions)('is not resumed once a list has expired, with %s', async (maxVersion) => {
    const crl = await authority.revoke([], 0.5);
    const served = await serveSecurely(secured({ crl }));
    const [expired, refused] = [record(served.server, 'certificateExpires'), record(served.server, 'refused')];
    const session = await sessionOf(served, operator, maxVersion);
    const open = await join(served, operator, { maxVersion });
    passHours(0.7);
    // Whoever comes before the server has noticed is refused; afterwards sessions mean nothing, and OpenSSL decides.
    const socket = served.dial(operator, { maxVersion, session }).resume();
    await Promise.race([refused.reached(1), expired.reached(1)]);
    if (refused.all.length > 0) {
      expect(refused.all[0]?.error.message).toMatch(
        /the revocation list of the CA of the client's certificate has expired/,
      );
      await expired.reached(1);
    }
    socket.destroy();
    const late = served.dial(operator, { maxVersion, session }).resume();
    await once(late, 'secureConnect');
    expect(late.isSessionReused()).toBe(false);
    expect(await isServed(open)).toBe(true);
  });

  test.each(versions)('is not resumed once the certificate has ended, with %s', async (maxVersion) => {
    const served = await serveSecurely(secured({ recheckClients: false }));
    const refused = record(served.server, 'refused');
    const session = await sessionOf(served, operator, maxVersion);
    passHours(1.5);
    served.dial(operator, { maxVersion, session }).resume();
    expect((await refused.reached(1))[0]?.error.code).toBe('CERTIFICATE_EXPIRED');
  });

  test('of a resumed connection is checked like others', async () => {
    const served = await serveSecurely();
    const disconnected = cutOf(served.server);
    const session = await sessionOf(served, plain, 'TLSv1.3');
    const { socket } = await join(served, plain, { session });
    expect(socket.isSessionReused()).toBe(true);
    served.server.reloadCertificates({ ...reloaded, crl: await authority.revoke([plain]) });
    const events = await disconnected.reached(2);
    expect(events.map(({ error }) => error)).toMatchObject(Array(2).fill({ code: 'CERTIFICATE_REVOKED' }));
  });
});
