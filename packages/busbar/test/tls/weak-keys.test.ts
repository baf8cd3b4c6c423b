import { secureContextOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { readRegister, registerReply } from '../helpers/served.js';
import { authority, secured, serverIdentity, serveSecurely } from './secured.js';

const weak = await authority.issue('weak', { rsaBits: 1024, role: 'operator' });
const strong = await authority.issue('strong', { rsaBits: 2048 });
/** OpenSSL would not let a client of today show it. */
const OLD_CLIENT = { ciphers: 'DEFAULT:@SECLEVEL=0' };

describe('a client with an RSA key of 1024 bits', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is refused, with %s', async (maxVersion) => {
    const { server, dial } = await serveSecurely();
    const refused = record(server, 'refused');
    dial(weak, { ...OLD_CLIENT, maxVersion }).resume();
    const [event] = await refused.reached(1);
    expect(event?.error.code).toBe('CERTIFICATE_WEAK');
    expect(event?.error.message).toMatch(/RSA with 1024 bits, and less than 2048 are too weak \(CN=weak\)/);
  });

  test("is let in with weakKeys: 'allow'", async () => {
    const { connect } = await serveSecurely(secured({ weakKeys: 'allow' }));
    const client = await connect(weak, OLD_CLIENT);
    expect(toHex(await client.request(1, readRegister(9)))).toBe(registerReply(9));
  });
});

test('a client with an RSA key of 2048 bits is let in', async () => {
  const { connect } = await serveSecurely();
  const client = await connect(strong);
  expect(toHex(await client.request(1, readRegister(9)))).toBe(registerReply(9));
});

describe('a weak key', () => {
  const given = { ca: authority.pem, ...serverIdentity };

  test('of the server is refused by name', () => {
    expect(() => secureContextOptions({ ...given, ...weak })).toThrow(
      /^cert: the certificate has a key RSA with 1024 bits/,
    );
    expect(secureContextOptions({ ...given, ...weak, weakKeys: 'allow' })).toBeTypeOf('object');
  });

  test('of the only CA, too', () => {
    expect(() => secureContextOptions({ ...given, ca: weak.cert })).toThrow(/^ca: the CA \(CN=weak\) has a key RSA/);
    expect(secureContextOptions({ ...given, ca: weak.cert + authority.pem })).toBeTypeOf('object');
  });
});
