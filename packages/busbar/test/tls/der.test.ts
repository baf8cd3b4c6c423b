import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRevocationList } from '../../src/transport/tls/crl.js';
import { roleOf } from '../../src/transport/tls/role.js';
import { Authority } from './pki.js';

const authority = await Authority.create('CA');
const { cert } = await authority.issue('client', { role: 'operator' });
const certificate = Uint8Array.from(new X509Certificate(cert).raw);
const list = Uint8Array.from(Buffer.from((await authority.revoke([], 5)).replace(/-----.*-----/g, ''), 'base64'));

describe('the role of a certificate', () => {
  test('is found', () => {
    expect(roleOf(certificate)).toEqual({ role: 'operator' });
  });

  test('cannot be read, and is told so, wherever a certificate is cut', () => {
    for (let length = 0; length < certificate.length; length++)
      expect(roleOf(certificate.subarray(0, length))).toEqual({ role: null, problem: expect.any(String) });
  });

  test('is null or text, whatever a byte is changed to', () => {
    fc.assert(
      fc.property(fc.nat(certificate.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(certificate);
        changed[at] = value;
        const { role } = roleOf(changed);
        return role === null || typeof role === 'string';
      }),
      { numRuns: 2000 },
    );
  });

  test('is null in random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => roleOf(bytes).role === null));
  });
});

describe('the next update of a revocation list', () => {
  test('is found', () => {
    const hours = ((readRevocationList(list)?.nextUpdate ?? 0) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(4.9);
    expect(hours).toBeLessThan(5.1);
  });

  test.each([
    ['UTCTime', '170D 3439313233313233353935385A', '2049-12-31T23:59:58.000Z'],
    ['UTCTime of the last century', '170D 3530303130313030303030305A', '1950-01-01T00:00:00.000Z'],
    ['GeneralizedTime', '180F 32303530303130313030303030305A', '2050-01-01T00:00:00.000Z'],
  ])('may be a %s', (_, time, expected) => {
    const bytes = Buffer.from(time.replaceAll(' ', ''), 'hex');
    // The algorithm, the issuer, and the update before.
    const parts = Buffer.concat([
      Buffer.from('3000 3000 170D3235303130313030303030305A'.replaceAll(' ', ''), 'hex'),
      bytes,
    ]);
    const tbs = Buffer.concat([Buffer.from([0x30, parts.length]), parts]);
    const { nextUpdate = 0 } = readRevocationList(Buffer.concat([Buffer.from([0x30, tbs.length]), tbs])) ?? {};
    expect(new Date(nextUpdate).toISOString()).toBe(expected);
  });

  test('is a date or nothing, wherever a list is cut', () => {
    for (let length = 0; length < list.length; length++) {
      expect(readRevocationList(list.subarray(0, length))).toBeUndefined();
    }
  });
});
