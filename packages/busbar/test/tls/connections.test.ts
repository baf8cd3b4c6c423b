import { once } from 'node:events';
import { TLSSocket } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { record } from '../helpers/events.js';
import { frame } from '../helpers/mbap-client.js';
import { readRegister } from '../helpers/served.js';
import { closed, operator, serveSecurely } from './secured.js';

describe('on a connection', () => {
  test('what leaks memory is left alone: getPeerX509Certificate() keeps five kilobytes each time', async () => {
    const leak = vi.spyOn(TLSSocket.prototype, 'getPeerX509Certificate');
    const { server, connect: join } = await serveSecurely();
    const connected = record(server, 'connect');
    await join(operator);
    expect((await connected.reached(1))[0]?.peer.certificate?.subject).toBe('CN=operator 7');
    expect(leak).not.toHaveBeenCalled();
    leak.mockRestore();
  });

  test('renegotiation is refused', async () => {
    const { server, connect: join } = await serveSecurely();
    const disconnected = record(server, 'disconnect');
    const client = await join(operator, { maxVersion: 'TLSv1.2' });
    client.socket.renegotiate({}, () => {});
    const [event] = await disconnected.reached(1);
    expect(event?.error).toBeInstanceOf(Error);
    expect(event?.error).toMatchObject({ code: expect.stringMatching(/RENEGOTIATION/) });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    "all requests ahead of the client's end are answered, with %s",
    async (maxVersion) => {
      const { server, connect: join } = await serveSecurely();
      const disconnected = record(server, 'disconnect');
      const client = await join(operator, { maxVersion });
      client.socket.end(Buffer.concat(Array.from({ length: 100 }, (_, i) => frame(i, 1, readRegister(i)))));
      for (let i = 0; i < 100; i++) expect((await client.next())?.transactionId).toBe(i);
      expect(await client.next()).toBeUndefined();
      expect((await disconnected.reached(1))[0]?.error).toBeUndefined();
    },
  );

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a session is resumed with its role, with %s', async (maxVersion) => {
    const { server, dial } = await serveSecurely();
    const connected = record(server, 'connect');
    const first = dial(operator, { maxVersion }).resume();
    const [session] = await once(first, 'session');
    const second = dial(operator, { maxVersion, session }).resume();
    await once(second, 'secureConnect');
    expect(second.isSessionReused()).toBe(true);
    const events = await connected.reached(2);
    expect(events[1]?.peer).toMatchObject({ role: 'operator', certificate: { subject: 'CN=operator 7' } });
  });

  test('no session of a client that was refused for want of a certificate can be resumed', async () => {
    const { server, dial } = await serveSecurely();
    const refused = record(server, 'refused');
    const sessions: Buffer[] = [];
    const first = dial(undefined).resume();
    first.on('session', (session: Buffer) => sessions.push(session));
    await closed(first);
    dial(undefined, { session: sessions.at(-1) }).resume();
    const events = await refused.reached(2);
    expect(events.map(({ error }) => error.code)).toEqual(['NO_CERTIFICATE', 'NO_CERTIFICATE']);
    expect(server.counters.connectionsAccepted).toBe(0);
  });
});
