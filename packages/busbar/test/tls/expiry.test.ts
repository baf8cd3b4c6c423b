import { ModbusTlsServer, type TlsServerOptions } from 'busbar';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { record } from '../helpers/events.js';
import { Authority } from './pki.js';
import { authority, secured, serverIdentity, serveSecurely } from './secured.js';

const HOUR_MS = 3_600_000;
const DAY = 24;

afterEach(() => {
  vi.useRealTimers();
});

async function listening(options: TlsServerOptions) {
  const server = new ModbusTlsServer(options);
  const events = record(server, 'certificateExpires');
  await server.listen();
  return { server, events, [Symbol.asyncDispose]: () => server.shutdown() };
}

describe('certificateExpires', () => {
  test('tells in time, and at the end, of the server, a CA and a list', async () => {
    const start = Date.now();
    const longLived = await Authority.create('Long CA', { until: 100 * DAY });
    const ca = await Authority.create('Client CA', { until: 90 * DAY });
    const identity = await longLived.issue('server', { until: 80 * DAY });
    const crl = await ca.revoke([], 70 * DAY);
    await using served = await listening(secured({ ...identity, ca: ca.pem, crl }));
    expect(served.events.all).toEqual([]);
    const told: string[] = [];
    // 70 days from now, and so on: 30, 7 and 1 day and an hour before, and the end.
    for (const days of [41, 51, 61, 64, 69.1, 69.98, 70.01, 73.5, 79.5, 79.98, 80.01, 84, 89.5, 89.98, 90.01]) {
      const count = served.events.all.length;
      vi.useFakeTimers({ toFake: ['Date'], now: start + days * DAY * HOUR_MS });
      const events = await served.events.reached(count + 1);
      told.push(
        ...events.slice(count).map(({ kind, expired, message }) => {
          expect(message).toMatch(expired ? /has expired \(20/ : /expires in \d+ (days|hours|minutes) \(20/);
          return `${days} ${kind} ${expired}`;
        }),
      );
    }
    expect(told).toEqual([
      '41 revocationList false',
      '51 certificate false',
      '61 authority false',
      '64 revocationList false',
      '69.1 revocationList false',
      '69.98 revocationList false',
      '70.01 revocationList true',
      '73.5 certificate false',
      '79.5 certificate false',
      '79.98 certificate false',
      '80.01 certificate true',
      '84 authority false',
      '89.5 authority false',
      '89.98 authority false',
      '90.01 authority true',
    ]);
  });

  test('says in whole words what ends at any moment', async () => {
    const identity = await authority.issue('server', { from: -DAY, until: 0.02 });
    await using served = await listening(secured(identity));
    expect(served.events.all[0]?.message).toContain(' expires in less than two minutes (20');
  });

  test('says at the start what ends soon', async () => {
    const identity = await authority.issue('server', { from: -1000 * DAY, until: 3 * DAY });
    await using served = await listening(secured(identity));
    expect(served.events.all).toMatchObject([
      {
        kind: 'certificate',
        subject: 'CN=server',
        source: 'cert',
        expired: false,
        message: expect.stringMatching(
          /^cert: the server's certificate \(CN=server\) expires in 3 days \(20.*Z\); from then on, clients refuse it: renew it$/,
        ),
      },
    ]);
    expect(served.events.all[0]?.expires.getTime()).toBeGreaterThan(Date.now() + 2.9 * DAY * HOUR_MS);
  });

  test('does not disturb where lists are renewed every day', async () => {
    await using served = await listening(secured({ crl: await authority.revoke([], DAY) }));
    expect(served.events.all).toEqual([]);
  });

  test('says nothing more of what was renewed', async () => {
    const short = await authority.issue('server', { from: -10, until: 1.5 });
    const { server } = await serveSecurely(secured({ ...short, recheckClients: false }));
    const events = record(server, 'certificateExpires');
    server.reloadCertificates({ ...serverIdentity, ca: authority.pem, crl: await authority.revoke([], 0.1) });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 0.8 * HOUR_MS });
    await events.reached(2);
    // The list is told of at once, as it ends within the hour.
    expect(events.all.map(({ kind, expired }) => [kind, expired])).toEqual([
      ['revocationList', false],
      ['revocationList', true],
    ]);
  });

  test('without a listener is a warning', async () => {
    const identity = await authority.issue('server', { from: -1000, until: 0.5 });
    await using server = new ModbusTlsServer(secured(identity));
    const warnings = record(server, 'warning');
    await server.listen();
    expect(warnings.all).toMatchObject([{ code: 'CERTIFICATE_EXPIRES' }]);
  });
});
