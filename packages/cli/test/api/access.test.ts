import { describe, expect, test } from 'vitest';
import { servePoint } from './helpers/api.js';
import { answerTo, CLOSE, HOST, statusOf } from './helpers/raw.js';

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
    const { port } = await servePoint({ hosts: ['plant.example'] });
    const answer = await answerTo(port, `GET /api/v1 HTTP/1.1\r\nHost: ${host}\r\n${CLOSE}`);
    expect(statusOf(answer)).toContain(` ${status} `);
  });

  test('is named by a request line, too', async () => {
    const { port } = await servePoint();
    const answer = await answerTo(port, `GET http://evil.example/api/v1 HTTP/1.1\r\n${HOST}${CLOSE}`);
    expect(statusOf(answer)).toContain(' 421 ');
  });

  test.each(['127.0.0.1', 'evil.example'])('is not one of two: %s', async (other) => {
    const { port } = await servePoint();
    const answer = await answerTo(port, `GET /api/v1 HTTP/1.1\r\n${HOST}Host: ${other}\r\n${CLOSE}`);
    expect(statusOf(answer)).toContain(' 400 ');
    expect(answer).toContain('expected one Host header');
  });

  test('is not needed by nobody: HTTP/1.1 without Host is refused', async () => {
    const { port } = await servePoint();
    expect(statusOf(await answerTo(port, `GET /api/v1 HTTP/1.1\r\n${CLOSE}`))).toContain(' 400 ');
    expect(statusOf(await answerTo(port, 'GET /api/v1 HTTP/1.0\r\n\r\n'))).toContain(' 400 ');
  });
});

describe('an Origin that is not this one', () => {
  test.each(['http://evil.example', 'null', 'https://127.0.0.1.evil.example', 'file://', 'x'])(
    '%s may neither write nor read',
    async (origin) => {
      const { send, get } = await servePoint();
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
    const { send, url, port } = await servePoint();
    const own = await send('PUT', 'units/1/points/a', { value: 1 }, { Origin: url.slice(0, -1) });
    expect(own.status).toBe(200);
    expect(own.headers.has('Access-Control-Allow-Origin')).toBe(false);
    const other = { Origin: `http://127.0.0.1:${port - 1}` };
    expect((await send('PUT', 'units/1/points/a', { value: 2 }, other)).status).toBe(403);
  });

  test('a form of another page may send nothing, even if its browser leaves the origin out', async () => {
    const { send } = await servePoint();
    for (const site of ['cross-site', 'same-site']) {
      expect((await send('POST', 'reload', undefined, { 'Sec-Fetch-Site': site })).status).toBe(403);
      expect((await send('GET', 'units', undefined, { 'Sec-Fetch-Site': site })).status).toBe(200);
    }
  });

  test('a page of the list may do all of it, as CORS has it', async () => {
    const Origin = 'https://scada.example';
    const { send, url } = await servePoint({ origins: [Origin], token: 'a-token-of-this-test' });
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
    const { send } = await servePoint({ token, readToken });
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
    const { send } = await servePoint({ token, readToken });
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
    const { get } = await servePoint({ token });
    for (const path of ['', 'units', 'units/9', 'nothing', 'openapi.json', 'units/1/points/a?x=1']) {
      expect((await get(path)).status).toBe(401);
    }
  });
});
