import 'reflect-metadata';
import { Extension } from '@peculiar/x509';
import { OptionsError, secureContextOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { readRegister, registerReply } from '../helpers/served.js';
import { Authority, roleExtension } from './pki.js';
import { authority, operator, plain, secured, serverIdentity, serveSecurely } from './secured.js';

const second = await Authority.create('Second CA');
const visitor = await second.issue('visitor');

/** What editors, shells and YAML make of a file. */
const DISFIGURED: [title: string, change: (pem: string) => string][] = [
  ['with a byte-order mark', (pem) => `\ufeff${pem}`],
  ['with the byte-order mark as bytes', (pem) => Buffer.from(`\ufeff${pem}`).toString('latin1')],
  ['with no line between the blocks', (pem) => pem.replaceAll('-----\n-----', '----------')],
  ['without any line feed', (pem) => pem.replaceAll('\n', '')],
  ['with blanks in place of line feeds', (pem) => pem.replaceAll('\n', ' ')],
  ['with line feeds written out', (pem) => pem.replaceAll('\n', '\\n')],
  ['with carriage returns', (pem) => pem.replaceAll('\n', '\r\n')],
  ['with blanks around each line', (pem) => pem.replaceAll(/^|$/gm, '  ')],
  ['with comments between the blocks', (pem) => pem.replaceAll('-----BEGIN', 'subject=CN: x\n-----BEGIN')],
];

describe.each(DISFIGURED)('PEM %s', (_, change) => {
  test('is read as it is meant, in certificates, keys, CAs and lists alike', async () => {
    const { cert, key } = serverIdentity;
    const crl = (await authority.revoke([operator])) + (await second.revoke([]));
    const { server, connect, dial } = await serveSecurely(
      secured({
        cert: change(cert + authority.pem),
        key: change(key),
        ca: change(second.pem + authority.pem),
        crl: change(crl),
      }),
    );
    for (const identity of [plain, visitor]) {
      const client = await connect(identity);
      expect(toHex(await client.request(1, readRegister(9)))).toBe(registerReply(9));
    }
    const refused = record(server, 'refused');
    dial(operator).resume();
    expect((await refused.reached(1))[0]?.error.code).toBe('CERTIFICATE_REVOKED');
  });
});

const problemOf = (options: Parameters<typeof secureContextOptions>[0]): unknown => {
  try {
    return secureContextOptions(options);
  } catch (error) {
    return error instanceof OptionsError ? error.message : error;
  }
};

describe('PEM that holds nothing usable is refused', () => {
  const { cert, key } = serverIdentity;

  test.each<[title: string, ca: string, message: RegExp]>([
    ['whose last block is cut off', authority.pem + second.pem.slice(0, 200), /^ca: a CERTIFICATE in it is cut off/],
    [
      'whose first block has no end',
      authority.pem.replace(/-----END.*\n/, '') + second.pem,
      /is cut off: its END line/,
    ],
    ['in UTF-16', Buffer.from(authority.pem, 'utf16le').toString('latin1'), /not ASCII or UTF-8 text: save it again/],
    ['with rubbish in a block', authority.pem.replace('MII', 'M?I'), /^ca: a CERTIFICATE in it cannot be read/],
  ])('%s', (_, ca, message) => {
    expect(problemOf({ cert, key, ca })).toMatch(message);
  });

  test('a list of another CA', async () => {
    const crl = await second.revoke([]);
    expect(problemOf({ cert, key, ca: authority.pem, crl })).toBe(
      'crl: every client would be refused: a revocation list of CN=Test CA is missing',
    );
  });

  test('a list of a CA below another without the list of that', async () => {
    const issuing = await authority.issueAuthority('Issuing CA');
    const crl = await issuing.revoke([]);
    expect(problemOf({ cert, key, ca: issuing.pem, crl })).toMatch(/a revocation list of CN=Test CA is missing/);
    expect(problemOf({ cert, key, ca: issuing.pem, crl: crl + (await authority.revoke([])) })).toBeTypeOf('object');
  });
});

describe('a CA below another one', () => {
  test('is enough in caFile', async () => {
    const issuing = await authority.issueAuthority('Issuing CA');
    const { connect } = await serveSecurely(secured({ ca: issuing.pem }));
    const client = await connect(await issuing.issue('client', { role: 'operator' }));
    expect(toHex(await client.request(1, readRegister(3)))).toBe(registerReply(3));
  });

  test('does not let in the clients of the other', async () => {
    const issuing = await authority.issueAuthority('Issuing CA');
    const { server, dial } = await serveSecurely(secured({ ca: issuing.pem }));
    const refused = record(server, 'refused');
    dial(operator).resume();
    expect((await refused.reached(1))[0]?.error.code).toBe('CERTIFICATE_UNTRUSTED');
  });
});

describe('a client whose certificate has a critical extension that OpenSSL does not know', () => {
  test.each([
    [
      roleExtension('operator', true),
      /role in a critical extension \(1\.3\.6\.1\.4\.1\.50316\.802\.1\).* \(CN=client\)$/,
    ],
    [
      new Extension('1.3.6.1.4.1.99999.7', true, Uint8Array.of(5, 0)),
      /a critical extension that OpenSSL does not know, 1\.3\.6\.1\.4\.1\.99999\.7 \(CN=client\)$/,
    ],
  ])('is refused by the name of that extension', async (extension, message) => {
    const { server, dial } = await serveSecurely();
    const refused = record(server, 'refused');
    dial(await authority.issue('client', { extensions: [extension] })).resume();
    const [event] = await refused.reached(1);
    expect(event?.error).toMatchObject({ code: 'CERTIFICATE_REFUSED', message: expect.stringMatching(message) });
  });
});
