import { type AuthorizationRequest, HandlerError, OptionsError, type RoleRule, type TlsServerOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { HOSTILE, WAYS } from '../helpers/hostile.js';
import { ask } from '../helpers/served.js';
import { type Identity, roleExtension, utf8String } from './pki.js';
import { READ, READ_REPLY, serveRoles, WRITE } from './role-server.js';
import { authority, operator, plain } from './secured.js';

const engineer = await authority.issue('engineer 1', { role: 'engineer' });

const reply = (vector: string) => toHex(hex(vector));

/** Rules, and a function, that would let in whoever has no role. */
const LENIENT: Partial<TlsServerOptions>[] = [{ roles: [{ role: null }] }, { authorize: () => true }];

async function expectUnreadable(identity: Identity, problem: RegExp): Promise<void> {
  for (const options of LENIENT) {
    const { server, connect, denied } = await serveRoles(options);
    const [connected, warnings] = [record(server, 'connect'), record(server, 'warning')];
    const client = await connect(identity);
    const [event] = await connected.reached(1);
    expect(event?.peer).toMatchObject({ role: null, roleProblem: expect.stringMatching(problem) });
    expect(warnings.all).toMatchObject([{ code: 'ROLE_UNREADABLE', message: expect.stringMatching(problem) }]);
    expect(await ask(client, 1, READ)).toBe('8301');
    expect(denied.all).toHaveLength(1);
  }
}

describe('the role of a client', () => {
  test.each<[string, string | Uint8Array | undefined, string | null]>([
    ['is the text of the role extension', 'operator', 'operator'],
    ['may be any text', 'Wärter der Brücke 橋', 'Wärter der Brücke 橋'],
    ['may be long', 'r'.repeat(120), 'r'.repeat(120)],
    ['is null without the extension', undefined, null],
  ])('%s', async (_, value, role) => {
    const { server, connect } = await serveRoles({});
    const connected = record(server, 'connect');
    await connect(await authority.issue('client', { role: value }));
    const [event] = await connected.reached(1);
    expect(event?.peer.role).toBe(role);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['holds another type of string', Uint8Array.of(0x13, 2, 0x6f, 0x70), /does not hold exactly one UTF8String in DER/],
    ['holds no text in UTF-8', Uint8Array.of(0x0c, 2, 0xff, 0xfe), /is not valid UTF-8/],
    ['is cut off', Uint8Array.of(0x0c, 9, 0x6f, 0x70), /does not hold exactly one UTF8String in DER/],
    ['has more behind the text', Uint8Array.of(...utf8String('op'), 0), /does not hold exactly one UTF8String/],
    [
      'has a length that is no DER',
      Uint8Array.of(0x0c, 0x81, 2, 0x6f, 0x70),
      /does not hold exactly one UTF8String in DER/,
    ],
    ['is a text in pieces', Uint8Array.of(0x2c, 4, ...utf8String('op')), /does not hold exactly one UTF8String in DER/],
    ['is empty', Uint8Array.of(), /does not hold exactly one UTF8String in DER/],
    ['has an empty text', utf8String(''), /the role is an empty text/],
  ])('that %s is none, is told of, and may do nothing', async (_, role, problem) => {
    await expectUnreadable(await authority.issue('client', { role }), problem);
  });

  test('that is there twice is none, is told of, and may do nothing', async () => {
    const extensions = [roleExtension('operator'), roleExtension('engineer')];
    await expectUnreadable(await authority.issue('client', { extensions }), /there are two role extensions/);
  });

  test('comes with who the certificate stands for', async () => {
    const { server, connect } = await serveRoles({});
    const connected = record(server, 'connect');
    const client = await connect(operator);
    const [event] = await connected.reached(1);
    const { serialNumber, fingerprint256 } = client.socket.getX509Certificate() ?? {};
    expect(event?.peer).toEqual({
      transport: 'tls',
      address: '127.0.0.1',
      port: client.socket.localPort,
      role: 'operator',
      certificate: { subject: 'CN=operator 7', serialNumber, fingerprint256 },
    });
  });

  test('is known of a certificate without a subject, too', async () => {
    const { server, connect } = await serveRoles({});
    const connected = record(server, 'connect');
    const client = await connect(await authority.issue('', { role: 'operator' }));
    const [event] = await connected.reached(1);
    expect([event?.peer.role, event?.peer.certificate?.subject]).toEqual(['operator', '']);
    expect(await ask(client, 1, READ)).toBe(reply(READ_REPLY));
  });

  test('reaches the listeners of writes', async () => {
    const { connect, units } = await serveRoles({});
    const writes = record(units[0], 'write');
    await ask(await connect(operator), 1, WRITE);
    expect(writes.all[0]?.peer.role).toBe('operator');
  });
});

describe('without rules', () => {
  test('every client may do all, and nothing is denied', async () => {
    const { connect, denied } = await serveRoles({});
    for (const identity of [operator, plain]) {
      expect(await ask(await connect(identity), 1, WRITE)).toBe(reply(WRITE));
    }
    expect(denied.all).toEqual([]);
  });
});

describe('role rules', () => {
  test('a rule for null is for clients without a role', async () => {
    const { connect } = await serveRoles({ roles: [{ role: null, functions: [3] }, { role: 'engineer' }] });
    expect(await ask(await connect(plain), 1, READ)).toBe(reply(READ_REPLY));
    expect(await ask(await connect(plain), 1, WRITE)).toBe('8601');
    expect(await ask(await connect(operator), 1, READ)).toBe('8301');
    expect(await ask(await connect(engineer), 1, WRITE)).toBe(reply(WRITE));
  });

  test('a denied write has no effect, and is told and counted', async () => {
    const { server, connect, units, denied } = await serveRoles({ roles: [{ role: 'operator', functions: [3] }] });
    const writes = record(units[0], 'write');
    const client = await connect(operator);
    expect(await ask(client, 255, 'fc:10 start:0005 quantity:0002 byteCount:04 values:00010002')).toBe('9001');
    expect(units[0].holdingRegisters.getRange(0, 10)).toEqual(Array(10).fill(0));
    expect(writes.all).toEqual([]);
    const range = { table: 'holdingRegisters', address: 5, quantity: 2 };
    expect(denied.all).toEqual([
      {
        peer: expect.objectContaining({ transport: 'tls', role: 'operator', port: client.socket.localPort }),
        role: 'operator',
        unit: units[0],
        unitId: 255,
        functionCode: 16,
        ranges: [range],
        ...range,
      },
    ]);
    expect(server.counters).toMatchObject({ denied: 1, exceptions: 1 });
  });

  test('a denied sub-function is told', async () => {
    const { connect, denied } = await serveRoles({ roles: [{ role: 'operator', functions: ['08/00', 3] }] });
    const client = await connect(operator);
    expect(await ask(client, 1, 'fc:08 sub:000C data:0000')).toBe('8801');
    expect(await ask(client, 1, 'fc:04 start:0000 quantity:0001')).toBe('8401');
    expect(denied.all.map(({ functionCode, subFunction }) => [functionCode, subFunction])).toEqual([
      [8, 12],
      [4, undefined],
    ]);
  });

  test('a denied custom function does not run, whatever code it has taken', async () => {
    const run: number[] = [];
    const customFunctions = [3, 0x41].map((code) => ({
      code,
      execute: () => {
        run.push(code);
        return Uint8Array.of(1);
      },
    }));
    const ranges = [{ table: 'holdingRegisters' as const, start: 0, count: 65536 }];
    const { connect } = await serveRoles({
      customFunctions,
      roles: [{ role: 'operator', ranges }, { role: 'engineer' }],
    });
    const client = await connect(operator);
    expect([await ask(client, 1, READ), await ask(client, 1, 'fc:41')]).toEqual(['8301', 'C101']);
    expect(run).toEqual([]);
    await ask(await connect(engineer), 1, 'fc:41');
    expect(run).toEqual([0x41]);
  });

  test('a request that is cut off is denied where its function is, and else refused for its length', async () => {
    const { connect, denied } = await serveRoles({ roles: [{ role: 'operator', functions: [4] }] });
    const client = await connect(operator);
    expect([await ask(client, 1, 'fc:03 start:0000'), await ask(client, 1, 'fc:04 start:0000')]).toEqual([
      '8301',
      '8403',
    ]);
    expect(denied.all.map(({ functionCode, ranges }) => [functionCode, ranges])).toEqual([[3, []]]);
  });

  test('a function that the server does not have is no matter for the audit', async () => {
    const { connect, denied } = await serveRoles({ roles: [] });
    expect(await ask(await connect(operator), 1, 'fc:63')).toBe('E301');
    expect(denied.all).toEqual([]);
  });

  test.each<[RoleRule[], (string | number)[]]>([
    [[{ role: '' }], ['roles', 0, 'role']],
    [[{} as RoleRule], ['roles', 0, 'role']],
    [
      [{ role: 'a' }, { role: 'b', functions: [3, 128] }],
      ['roles', 1, 'functions', 1],
    ],
    [[{ role: 'a', units: [256] }], ['roles', 0, 'units', 0]],
    [[{ role: 'a', ranges: [{ table: 'coils', start: 65535, count: 2 }] }], ['roles', 0, 'ranges', 0, 'count']],
    [[{ role: 'a', range: [] } as RoleRule], ['roles', 0, 'range']],
  ])('that are wrong are refused: %j', async (roles, path) => {
    const error = await serveRoles({ roles }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ path });
  });
});

describe('the authorize callback', () => {
  test('sees the request and decides', async () => {
    const requests: AuthorizationRequest[] = [];
    const authorize = (request: AuthorizationRequest) => {
      requests.push(request);
      return request.functionCode === 0x17;
    };
    const { connect, units, denied } = await serveRoles({ authorize });
    const client = await connect(operator);
    expect(await ask(client, 1, WRITE)).toBe('8601');
    const both = 'fc:17 read:0001 quantity:0002 write:0003 quantity:0001 byteCount:02 value:0009';
    expect(await ask(client, 2, both)).toBe('170400000000');
    expect(units[1].holdingRegisters.get(3)).toBe(9);
    const table = 'holdingRegisters';
    expect(requests[1]).toEqual({
      peer: expect.objectContaining({ role: 'operator' }),
      role: 'operator',
      unit: units[1],
      unitId: 2,
      functionCode: 0x17,
      ranges: [
        { table, address: 1, quantity: 2 },
        { table, address: 3, quantity: 1 },
      ],
    });
    expect(denied.all.map(({ functionCode, address }) => [functionCode, address])).toEqual([[6, 5]]);
  });

  test('is asked only after the rules, and both must allow', async () => {
    const asked: number[] = [];
    const authorize = ({ functionCode }: AuthorizationRequest) => {
      asked.push(functionCode);
      return functionCode !== 4;
    };
    const { connect } = await serveRoles({ authorize, roles: [{ role: 'operator', functions: [3, 4] }] });
    const client = await connect(operator);
    expect(await ask(client, 1, READ)).toBe(reply(READ_REPLY));
    expect(await ask(client, 1, 'fc:04 start:0000 quantity:0001')).toBe('8401');
    expect(await ask(client, 1, WRITE)).toBe('8601');
    expect(asked).toEqual([3, 4]);
  });

  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no directory');
      },
      'HANDLER_FAILED',
    ],
    ['returns a promise', async () => true, 'HANDLER_ANSWER'],
    ['returns a promise that fails', async () => Promise.reject(new Error('later')), 'HANDLER_ANSWER'],
    ['returns nothing', () => undefined, 'HANDLER_ANSWER'],
  ])('that %s denies, and the error is told', async (_, answer, code) => {
    const authorize = answer as () => boolean;
    const { server, connect, units, denied } = await serveRoles({ authorize });
    const errors = record(server, 'error');
    const client = await connect(operator);
    expect(toHex(await client.request(1, hex(WRITE)))).toBe('8601');
    expect(units[0].holdingRegisters.get(5)).toBe(0);
    expect(denied.all).toHaveLength(1);
    expect(errors.all).toHaveLength(1);
    expect(errors.all[0]).toBeInstanceOf(HandlerError);
    expect(errors.all[0]).toMatchObject({ code, unit: 1, functionCode: 6, table: 'holdingRegisters', address: 5 });
    expect(server.counters).toMatchObject({ denied: 1, handlerErrors: 1 });
  });

  test('may throw, reject with and answer whatever there is, and denies', async () => {
    let answer: () => unknown = () => true;
    const { server, connect } = await serveRoles({ authorize: () => answer() as boolean });
    server.on('error', () => undefined);
    const client = await connect(operator);
    for (const [what, make] of HOSTILE) {
      for (const [way, give] of WAYS) {
        answer = () => give(make());
        expect({ what, way, reply: await ask(client, 1, WRITE) }).toEqual({ what, way, reply: '8601' });
      }
    }
    expect(server.counters.handlerErrors).toBe(HOSTILE.length * WAYS.length);
  });
});
