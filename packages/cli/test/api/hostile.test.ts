import { describe, expect, test } from 'vitest';
import { HTTP_LIMITS } from '../../src/api/http-server.js';
import { serveApi } from './helpers/api.js';
import { deviceOf } from './helpers/device.js';
import { RawClient, statusOf } from './helpers/raw.js';

const boiler = async (...options: Parameters<typeof serveApi> extends [unknown, ...infer Rest] ? Rest : never) =>
  await serveApi(
    await deviceOf('listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1, points: { a: { at: holding 0 } } }]'),
    ...options,
  );

const HOST = 'Host: 127.0.0.1\r\n';
const PUT = `PUT /api/v1/units/1/points/a HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

/** Sends a whole request, and returns all of the answer. */
async function exchange(port: number, text: string): Promise<string> {
  const client = new RawClient(port).send(text);
  return await client.ended;
}

const close = 'Connection: close\r\n\r\n';

describe('a Host that is not this one', () => {
  test.each([
    ['evil.example', 421],
    ['evil.example:8502', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1', 200],
    ['127.0.0.1:1234', 200],
    ['[::1]:8502', 200],
    ['192.0.2.7', 200],
    ['localhost', 200],
    ['LOCALHOST:8502', 200],
    ['plant.example', 200],
    ['Plant.Example:80', 200],
    ['', 400],
    ['a b', 400],
    ['a/b', 400],
    ['user@127.0.0.1', 400],
  ])('"%s" gets %i', async (host, status) => {
    const { port } = await boiler({ hosts: ['plant.example'] });
    const answer = await exchange(port, `GET /api/v1 HTTP/1.1\r\nHost: ${host}\r\n${close}`);
    expect(statusOf(answer)).toContain(` ${status} `);
  });

  test('is named by a request line, too', async () => {
    const { port } = await boiler();
    const answer = await exchange(port, `GET http://evil.example/api/v1 HTTP/1.1\r\n${HOST}${close}`);
    expect(statusOf(answer)).toContain(' 421 ');
  });

  test.each(['127.0.0.1', 'evil.example'])('is not one of two: %s', async (other) => {
    const { port } = await boiler();
    const answer = await exchange(port, `GET /api/v1 HTTP/1.1\r\n${HOST}Host: ${other}\r\n${close}`);
    expect(statusOf(answer)).toContain(' 400 ');
    expect(answer).toContain('expected one Host header');
  });

  test('is not needed by nobody: HTTP/1.1 without Host is refused', async () => {
    const { port } = await boiler();
    expect(statusOf(await exchange(port, `GET /api/v1 HTTP/1.1\r\n${close}`))).toContain(' 400 ');
    expect(statusOf(await exchange(port, 'GET /api/v1 HTTP/1.0\r\n\r\n'))).toContain(' 400 ');
  });
});

describe('an Origin that is not this one', () => {
  test.each(['http://evil.example', 'null', 'https://127.0.0.1.evil.example', 'file://', 'x'])(
    '%s may neither write nor read',
    async (origin) => {
      const { send, get } = await boiler();
      for (const [method, path, body] of [
        ['PUT', 'units/1/points/a', { value: 1 }],
        ['POST', 'reload', undefined],
        ['DELETE', 'clients/1', undefined],
        ['GET', 'units', undefined],
      ] as const) {
        expect((await send(method, path, body, { Origin: origin })).status).toBe(403);
      }
      expect((await get('units/1/points/a')).body.value).toBe(0);
    },
  );

  test('a page of another port is another page', async () => {
    const { send, url, port } = await boiler();
    const own = await send('PUT', 'units/1/points/a', { value: 1 }, { Origin: url.slice(0, -1) });
    expect(own.status).toBe(200);
    expect(own.headers.has('Access-Control-Allow-Origin')).toBe(false);
    const other = { Origin: `http://127.0.0.1:${port - 1}` };
    expect((await send('PUT', 'units/1/points/a', { value: 2 }, other)).status).toBe(403);
  });

  test('a form of another page may send nothing, even if its browser leaves the origin out', async () => {
    const { send } = await boiler();
    for (const site of ['cross-site', 'same-site']) {
      expect((await send('POST', 'reload', undefined, { 'Sec-Fetch-Site': site })).status).toBe(403);
      expect((await send('GET', 'units', undefined, { 'Sec-Fetch-Site': site })).status).toBe(200);
    }
  });

  test('a page of the list may do all of it, as CORS has it', async () => {
    const Origin = 'https://scada.example';
    const { send, url } = await boiler({ origins: [Origin], token: 'a-token-of-this-test' });
    const asked = { Origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'content-type' };
    const preflight = await fetch(`${url}api/v1/units/1/points/a`, { method: 'OPTIONS', headers: asked });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': Origin,
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE',
      'access-control-allow-headers': 'Authorization,Content-Type,Last-Event-ID',
    });
    const headers = { Origin, Authorization: 'Bearer a-token-of-this-test' };
    const written = await send('PUT', 'units/1/points/a', { value: 1 }, headers);
    expect([written.status, written.headers.get('Access-Control-Allow-Origin')]).toEqual([200, Origin]);
    const foreign = { ...headers, Origin: 'https://other.example' };
    expect((await send('PUT', 'units/1/points/a', { value: 1 }, foreign)).status).toBe(403);
  });
});

describe('a token', () => {
  const token = 'a-token-of-this-test';
  const readToken = 'a-token-for-readers';

  test.each([
    [undefined, 401],
    ['', 401],
    [token, 401],
    [`Basic ${token}`, 401],
    [`Bearer ${token}x`, 401],
    ['Bearer', 401],
    [`Bearer ${token} ${token}`, 401],
    [`Bearer ${token}`, 200],
    [`bearer  ${token}`, 200],
  ])('%s gets %i', async (header, status) => {
    const { send } = await boiler({ token, readToken });
    const answer = await send(
      'PUT',
      'units/1/points/a',
      { value: 1 },
      header === undefined ? {} : { Authorization: header },
    );
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer realm="busbar"');
  });

  test('of those who may only read lets them read', async () => {
    const { send } = await boiler({ token, readToken });
    const headers = { Authorization: `Bearer ${readToken}` };
    expect((await send('GET', '', undefined, headers)).body.writable).toBe(false);
    const { status, body } = await send('PUT', 'units/1/points/a', { value: 1 }, headers);
    expect([status, body.detail]).toEqual([403, 'this token may only read']);
    for (const [method, path] of [
      ['POST', 'reload'],
      ['DELETE', 'faults/x'],
      ['PATCH', 'simulation'],
      ['POST', 'nothing'],
    ]) {
      expect((await send(method, path, undefined, headers)).status).toBe(403);
    }
  });

  test('is asked for whatever the path, before anything else is told', async () => {
    const { get } = await boiler({ token });
    for (const path of ['', 'units', 'units/9', 'nothing', 'openapi.json', 'units/1/points/a?x=1']) {
      expect((await get(path)).status).toBe(401);
    }
  });
});

describe('a body', () => {
  test('without end is not waited for', async () => {
    const { port, get } = await boiler();
    const client = new RawClient(port).send(`${PUT}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    let sent = 0;
    const pump = () => {
      while (sent < 400 && client.socket.writable && client.socket.write(chunk, 'latin1')) sent++;
      if (sent < 400) client.socket.once('drain', pump);
    };
    pump();
    const answer = await client.until('\r\n\r\n{');
    expect(statusOf(answer)).toContain(' 413 ');
    await client.ended;
    expect((await get('units/1/points/a')).status).toBe(200);
  });

  test('that says to be too large is not read', async () => {
    const { port } = await boiler();
    const client = new RawClient(port).send(`${PUT}Content-Length: 99999999\r\n\r\n{`);
    expect(statusOf(await client.ended)).toContain(' 413 ');
  });

  test('that is large has to wait while too many others come, and small ones go on', async () => {
    const { port, get, send } = await boiler();
    const put = PUT.replace('units/1/points/a', 'snapshot');
    const head = `${put}Content-Length: 16000000\r\n\r\n`;
    const large = Array.from({ length: 4 }, () => new RawClient(port).send(head + ' '.repeat(15_000_000)));
    expect(statusOf(await Promise.race(large.map((client) => client.ended)))).toContain(' 503 ');
    expect((await send('PUT', 'units/1/points/a', { value: 1 })).status).toBe(200);
    for (const { socket } of large) socket.destroy();
    await Promise.all(large.map((client) => client.ended));
    expect((await get('units/1/points/a')).body.value).toBe(1);
  });

  test.each([
    ['PUT', 'units/1/points/a', 2 ** 20],
    ['PUT', 'units/1/holding?start=0', 2 ** 20],
    ['POST', 'faults', 2 ** 16],
    ['POST', 'wait', 2 ** 16],
    ['POST', 'snapshot', 2 ** 16],
    ['PATCH', 'simulation', 2 ** 16],
  ])('has as many bytes as its route needs: %s %s', async (method, path, most) => {
    const { send } = await boiler();
    const text = (length: number) => `{"a":"${'a'.repeat(length - 8)}"}`;
    expect((await send(method, path, text(most))).status).toBe(400);
    const { status, body } = await send(method, path, text(most + 1));
    expect([status, body.detail]).toEqual([413, `the body has more than ${most} bytes`]);
  });

  test.each([
    ['lists', '[]'],
    ['maps', '{}'],
    ['keys', '{"a":1,"b":2}'],
  ])('has only so many parts, whose parsing would take long: %s', async (_, part) => {
    const { send, get } = await boiler();
    const { status, body } = await send('PUT', 'snapshot', `{"units":[${`${part},`.repeat(200_000)}1]}`);
    expect([status, body.detail]).toEqual([413, 'the body has more than 200000 lists, maps and keys']);
    expect((await get('units/1/points/a')).status).toBe(200);
  });

  test('that does not come is given up', async () => {
    const limits = { ...HTTP_LIMITS, headersTimeout: 100, requestTimeout: 200 };
    const { port } = await boiler({ limits });
    const answer = await new RawClient(port).send(`${PUT}Content-Length: 12\r\n\r\n{"value"`).ended;
    expect(statusOf(answer)).toContain(' 408 ');
  });

  test.each([
    ['a length twice', 'Content-Length: 12\r\nContent-Length: 13\r\n\r\n{"value": 7}'],
    ['a length and chunks', 'Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a length that is none', 'Content-Length: -1\r\n\r\n'],
    ['chunks that are none', 'Transfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['an unknown coding', 'Transfer-Encoding: gzip, chunkedx\r\n\r\n'],
  ])('with %s is refused', async (_, rest) => {
    const { port, get } = await boiler();
    const answer = await new RawClient(port).send(`${PUT}${rest}`).until(' 400 ');
    expect(statusOf(answer)).toContain(' 400 ');
    expect((await get('units/1/points/a')).body.value).toBe(0);
  });

  test('of JSON that goes deep, or has names of JavaScript, is only refused', async () => {
    const { send } = await boiler();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await send('PUT', 'units/1/points/a', deep)).status).toBe(400);
    expect((await send('PUT', 'units/1/points/a', '{"value": 1, "__proto__": {"a": 1}}')).status).toBe(400);
    expect((await send('PUT', 'units/1/points/a', '{"constructor": 1}')).status).toBe(400);
    expect((await send('POST', 'faults', '{"name": "__proto__", "exception": 6}')).status).toBe(201);
    expect((await send('PATCH', 'faults/__proto__', { active: false })).status).toBe(200);
  });
});

describe('headers', () => {
  test('that come slowly are given up', async () => {
    const limits = { ...HTTP_LIMITS, headersTimeout: 100, requestTimeout: 200 };
    const { port } = await boiler({ limits });
    const answer = await new RawClient(port).send('GET /api/v1 HTTP/1.1\r\nX-A: ').ended;
    expect(statusOf(answer)).toContain(' 408 ');
  });

  test('that are too long are refused', async () => {
    const { port } = await boiler();
    const answer = await exchange(port, `GET /api/v1 HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(20_000)}\r\n${close}`);
    expect(statusOf(answer)).toContain(' 431 ');
    expect(answer).toContain('application/problem+json');
  });

  test.each([
    'GET',
    '\x16\x03\x01\x02\x00\x01\x00',
    'GET /api/v1\r\n\r\n',
    'GET /api/v1 HTTP/9.9\r\n\r\n',
    '\0\0\0\0\0\x06\x01\x03\0\0\0\x01',
  ])('that are none get an answer, and an end: %j', async (text) => {
    const { port, get } = await boiler({ limits: { ...HTTP_LIMITS, headersTimeout: 100, requestTimeout: 200 } });
    expect(statusOf(await exchange(port, text))).toMatch(/^HTTP\/1\.1 4(00|08) /);
    expect((await get('')).status).toBe(200);
  });
});

describe('a path', () => {
  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/%2e%2e%5cpackage.json',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '//etc/passwd',
    '/etc/passwd',
    '/file:///etc/passwd',
    '/%00',
    '/index.html%00.js',
    '/..;/package.json',
    '/\\..\\package.json',
    '/api/v1/../../package.json',
    '/api/v1/units/%2e%2e%2f%2e%2e',
    '/api/v1/units/1/points/%2e%2e%2f..%2fa',
    '/api/v1/%',
    '/api/v1/units/%ff',
    '/api//v1/units',
    '/API/V1/units',
  ])('%s leads nowhere', async (path) => {
    const { port } = await boiler();
    const answer = await exchange(port, `GET ${path} HTTP/1.1\r\n${HOST}${close}`);
    expect(statusOf(answer)).toMatch(/ 40[04] /);
    expect(answer).not.toContain('"devDependencies"');
  });

  test('has only the methods of the contract', async () => {
    const { port, send } = await boiler();
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const answer = await exchange(
        port,
        `${method} /api/v1/units/1/points/a HTTP/1.1\r\n${HOST}Content-Length: 0\r\n${close}`,
      );
      expect(statusOf(answer)).toMatch(/ 405 /);
      expect(answer.toLowerCase()).toContain('allow: get, put');
    }
    expect((await send('PATCH', 'units/1/holding', {})).headers.get('Allow')).toBe('GET, PUT');
  });

  test('has an answer without a body for HEAD', async () => {
    const { port } = await boiler();
    const answer = await exchange(port, `HEAD /api/v1 HTTP/1.1\r\n${HOST}${close}`);
    expect(statusOf(answer)).toContain(' 200 ');
    expect(answer).toMatch(/\r\n\r\n$/);
  });
});

describe('connections', () => {
  test('may have many requests, one behind the other', async () => {
    const { port } = await boiler();
    const answer = await exchange(
      port,
      `${`GET /api/v1/units/1/points/a HTTP/1.1\r\n${HOST}\r\n`.repeat(50)}GET /api/v1 HTTP/1.1\r\n${HOST}${close}`,
    );
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(51);
  });

  test('are told nothing that could be taken for something else', async () => {
    const { url } = await boiler();
    for (const path of ['', 'api/v1', 'api/v1/units/9', 'nothing']) {
      const { headers } = await fetch(url + path);
      expect(headers.get('Content-Security-Policy')).toContain("script-src 'self';");
      expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('DENY');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
      if (path.startsWith('api')) expect(headers.get('Cache-Control')).toBe('no-store');
    }
  });
});
