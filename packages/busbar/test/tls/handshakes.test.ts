import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { BusbarError, ConnectionError, type TlsServerOptions } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { readRegister, registerReply } from '../helpers/served.js';
import { Authority, CLIENT_USE, type Identity, SERVER_USE } from './pki.js';
import { authority, closed, dialSecurely, operator, plain, secured, serveSecurely } from './secured.js';

const stranger = await Authority.create('Another CA');
const OLD = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

interface Refusal {
  identity?: Identity;
  dial?: ConnectionOptions;
  serve?: Partial<TlsServerOptions>;
}

const revoked = await authority.issue('revoked', { role: 'operator' });
const crl = await authority.revoke([revoked]);

const REFUSALS: [title: string, code: string, refusal: Refusal][] = [
  ['no certificate', 'NO_CERTIFICATE', {}],
  [
    'an expired certificate',
    'CERTIFICATE_EXPIRED',
    { identity: await authority.issue('old', { from: -3, until: -1 }) },
  ],
  [
    'a certificate that is not valid yet',
    'CERTIFICATE_NOT_YET_VALID',
    { identity: await authority.issue('young', { from: 1, until: 2 }) },
  ],
  ['a certificate of another CA', 'CERTIFICATE_UNTRUSTED', { identity: await stranger.issue('stranger') }],
  ['a revoked certificate', 'CERTIFICATE_REVOKED', { identity: revoked, serve: { crl } }],
  [
    'a certificate for servers only',
    'CERTIFICATE_REFUSED',
    { identity: await authority.issue('server', { usage: [SERVER_USE] }) },
  ],
  [
    'a certificate of a CA without a revocation list',
    'CERTIFICATE_REFUSED',
    { identity: await stranger.issue('x'), serve: { crl, ca: authority.pem + stranger.pem } },
  ],
  ['TLS 1.1', 'PROTOCOL_VERSION', { identity: operator, dial: OLD }],
  [
    'TLS 1.2 where 1.3 is wanted',
    'PROTOCOL_VERSION',
    { identity: operator, dial: { maxVersion: 'TLSv1.2' }, serve: { minVersion: 'TLSv1.3' } },
  ],
  [
    'a cipher suite without forward secrecy',
    'NO_SHARED_CIPHER',
    { identity: operator, dial: { ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' } },
  ],
  [
    'the NULL cipher suite',
    'NO_SHARED_CIPHER',
    { identity: operator, dial: { ciphers: 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' } },
  ],
];

describe('a handshake', () => {
  test.each(REFUSALS)('with %s is refused, and the event says so', async (_, code, { identity, dial, serve }) => {
    const { server, dial: begin } = await serveSecurely(secured(serve));
    const refused = record(server, 'refused');
    const connected = record(server, 'connect');
    const socket = begin(identity, dial).resume();
    const port = new Promise((resolve) => socket.once('connect', () => resolve(socket.localPort)));
    const [event] = await refused.reached(1);
    expect(event?.error).toBeInstanceOf(ConnectionError);
    expect(event?.error.code).toBe(code);
    expect(event?.peer).toEqual({ transport: 'tls', address: '127.0.0.1', port: await port });
    await closed(socket);
    expect(connected.all).toEqual([]);
    expect(refused.all).toHaveLength(1);
    expect(server.counters.handshakesRefused).toBe(1);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of %s brings a client in, with the safe suites alone',
    async (version) => {
      const { server, connect: join } = await serveSecurely();
      const connected = record(server, 'connect');
      for (const suite of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_AES_128_GCM_SHA256']) {
        const versions = { minVersion: version, maxVersion: version } as const;
        if (suite.startsWith('TLS_') !== (version === 'TLSv1.3')) continue;
        const client = await join(operator, { ...versions, ciphers: suite });
        expect(client.socket.getProtocol()).toBe(version);
        expect(client.socket.getCipher().name).toBe(suite);
        expect(toHex(await client.request(1, readRegister(5)))).toBe(registerReply(5));
      }
      expect(connected.all[0]?.peer).toMatchObject({ transport: 'tls', role: 'operator' });
    },
  );

  test('of a client whose certificate is for clients is accepted', async () => {
    const { connect: join } = await serveSecurely();
    const client = await join(await authority.issue('client', { usage: [CLIENT_USE] }));
    expect(toHex(await client.request(1, readRegister(1)))).toBe(registerReply(1));
  });

  test('of a client that is not in the revocation list is accepted', async () => {
    const { connect: join } = await serveSecurely(secured({ crl }));
    const client = await join(plain);
    expect(toHex(await client.request(1, readRegister(1)))).toBe(registerReply(1));
  });

  test.each([
    ['a Modbus request in clear text', frame(1, 1, readRegister(0)), 'NOT_TLS'],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'NOT_TLS'],
    ['nothing', Buffer.alloc(0), 'CONNECTION_CLOSED'],
  ])('that is %s is refused and never answered', async (_, bytes, code) => {
    const { server, port } = await serveSecurely();
    const refused = record(server, 'refused');
    const socket = await dialPlainly(port);
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += toHex(chunk);
    });
    socket.end(bytes);
    const [event] = await refused.reached(1);
    expect(event?.error.code).toBe(code);
    expect(event?.peer).toEqual({ transport: 'tls', address: '127.0.0.1', port: socket.localPort });
    await closed(socket);
    // At most a TLS alert.
    expect(received).toMatch(/^(1503.{10})?$/);
  });

  test('that the client breaks off, as it does not trust the server, is told of', async () => {
    const { server, port } = await serveSecurely();
    const refused = record(server, 'refused');
    const socket = await dialPlainly(port);
    socket.write(await createHello({ maxVersion: 'TLSv1.2' }));
    await once(socket, 'data');
    socket.write(Buffer.from('15_0303_0002_02_30'.replaceAll('_', ''), 'hex'));
    const [event] = await refused.reached(1);
    expect(event?.error.code).toBe('SERVER_CERTIFICATE_REFUSED');
  });
});

const plainSockets: Socket[] = [];
afterEach(() => {
  for (const socket of plainSockets.splice(0)) socket.destroy();
});

/** What a TLS client says first. */
async function createHello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = dialSecurely(typeof address === 'object' ? (address?.port ?? 0) : 0, options);
  const [socket] = await once(server, 'connection');
  const [hello] = await once(socket, 'data');
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

async function dialPlainly(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
  plainSockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

describe('a silent peer', () => {
  test('is let go at the handshake deadline', async () => {
    const { server, port } = await serveSecurely(secured({ handshakeTimeout: 50 }));
    const refused = record(server, 'refused');
    const socket = (await dialPlainly(port)).resume();
    const [event] = await refused.reached(1);
    expect(event?.error).toMatchObject({ code: 'HANDSHAKE_TIMEOUT', message: expect.stringContaining('50 ms') });
    expect(event?.peer.port).toBe(socket.localPort);
    await closed(socket);
    expect(refused.all).toHaveLength(1);
  });

  test('is let go even if it says a little now and then', async () => {
    const { server, port } = await serveSecurely(secured({ handshakeTimeout: 150 }));
    const refused = record(server, 'refused');
    const socket = (await dialPlainly(port)).resume();
    // A client hello of 512 bytes is announced; its bytes come one at a time.
    socket.write(Buffer.from('1603010200010001fc0303', 'hex'));
    const drip = setInterval(() => socket.write(Buffer.alloc(1)), 20);
    const [event] = await refused.reached(1);
    clearInterval(drip);
    expect(event?.error.code).toBe('HANDSHAKE_TIMEOUT');
  });

  test('gives way to the next, beyond the connection limit', async () => {
    const { server, port, connect: join } = await serveSecurely(secured({ limits: { connections: 2 } }));
    const refused = record(server, 'refused');
    const silent = [await dialPlainly(port), await dialPlainly(port), await dialPlainly(port), await dialPlainly(port)];
    const events = await refused.reached(2);
    expect(events.map(({ error }) => error.code)).toEqual(['CONNECTION_LIMIT', 'CONNECTION_LIMIT']);
    expect(events.map(({ peer }) => peer.port)).toEqual(silent.slice(0, 2).map(({ localPort }) => localPort));
    const client = await join(operator);
    expect(toHex(await client.request(1, readRegister(7)))).toBe(registerReply(7));
    expect(refused.all).toHaveLength(3);
  });

  test('does not keep the server from closing', async () => {
    const { server, port } = await serveSecurely();
    const refused = record(server, 'refused');
    const socket = (await dialPlainly(port)).resume();
    await server.close();
    await closed(socket);
    expect(refused.all).toEqual([]);
  });
});

describe('without a duty to have a certificate', () => {
  const optional = { requireClientCertificate: false };

  test('a client without one is served, with no role, and the server warns of it', async () => {
    const warnings: Error[] = [];
    const options = secured({ ...optional, roles: [{ role: null, functions: [3] }] });
    const { server, dial } = await serveSecurely(options);
    await server.close();
    server.on('warning', (warning) => warnings.push(warning));
    await server.listen();
    expect(warnings[0]).toBeInstanceOf(BusbarError);
    expect(warnings[0]).toMatchObject({ code: 'CLIENT_CERTIFICATE_NOT_REQUIRED' });
    const connected = record(server, 'connect');
    dial(undefined, { port: server.address()?.port });
    const [event] = await connected.reached(1);
    expect(event?.peer.role).toBeNull();
    expect(event?.peer.certificate).toBeUndefined();
  });

  test('a client with a good one has its role', async () => {
    const { server, connect: join } = await serveSecurely(secured(optional));
    const connected = record(server, 'connect');
    await join(operator);
    expect((await connected.reached(1))[0]?.peer.role).toBe('operator');
  });

  test.each(REFUSALS.filter(([, code]) => code.startsWith('CERTIFICATE')))(
    'a client with %s is still refused',
    async (_, code, { identity, serve }) => {
      const { server, dial } = await serveSecurely(secured({ ...serve, ...optional }));
      const refused = record(server, 'refused');
      const socket = dial(identity).resume();
      const [event] = await refused.reached(1);
      expect(event?.error.code).toBe(code);
      expect(event?.peer).toMatchObject({ transport: 'tls', address: '127.0.0.1', port: expect.any(Number) });
      await closed(socket);
    },
  );

  test('no CA is needed, and certificates are not asked for then', async () => {
    const { server, connect: join } = await serveSecurely(secured({ ...optional, ca: undefined }));
    const connected = record(server, 'connect');
    const client = await join(await stranger.issue('anyone', { role: 'admin' }));
    expect(toHex(await client.request(1, readRegister(3)))).toBe(registerReply(3));
    expect(connected.all[0]?.peer).toMatchObject({ role: null });
  });
});
