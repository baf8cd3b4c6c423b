import { describe, expect, test } from 'vitest';
import { HTTP_LIMITS } from '../../src/api/http-server.js';
import { servePoint } from './helpers/api.js';
import { answerTo, CLOSE, HOST, RawClient, statusOf } from './helpers/raw.js';

describe('headers', () => {
  test('that come slowly are given up', async () => {
    const limits = { ...HTTP_LIMITS, headersTimeout: 100, requestTimeout: 200 };
    const { port } = await servePoint({ limits });
    const answer = await new RawClient(port).send('GET /api/v1 HTTP/1.1\r\nX-A: ').ended;
    expect(statusOf(answer)).toContain(' 408 ');
  });

  test('that are too long are refused', async () => {
    const { port } = await servePoint();
    const answer = await answerTo(port, `GET /api/v1 HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(20_000)}\r\n${CLOSE}`);
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
    const { port, get } = await servePoint({ limits: { ...HTTP_LIMITS, headersTimeout: 100, requestTimeout: 200 } });
    expect(statusOf(await answerTo(port, text))).toMatch(/^HTTP\/1\.1 4(00|08) /);
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
    const { port } = await servePoint();
    const answer = await answerTo(port, `GET ${path} HTTP/1.1\r\n${HOST}${CLOSE}`);
    expect(statusOf(answer)).toMatch(/ 40[04] /);
    expect(answer).not.toContain('"devDependencies"');
  });

  test('has only the methods of the contract', async () => {
    const { port, send } = await servePoint();
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const answer = await answerTo(
        port,
        `${method} /api/v1/units/1/points/a HTTP/1.1\r\n${HOST}Content-Length: 0\r\n${CLOSE}`,
      );
      expect(statusOf(answer)).toMatch(/ 405 /);
      expect(answer.toLowerCase()).toContain('allow: get, put');
    }
    expect((await send('PATCH', 'units/1/holding', {})).headers.get('Allow')).toBe('GET, PUT');
  });

  test('has an answer without a body for HEAD', async () => {
    const { port } = await servePoint();
    const answer = await answerTo(port, `HEAD /api/v1 HTTP/1.1\r\n${HOST}${CLOSE}`);
    expect(statusOf(answer)).toContain(' 200 ');
    expect(answer).toMatch(/\r\n\r\n$/);
  });
});

describe('connections', () => {
  test('may have many requests, one behind the other', async () => {
    const { port } = await servePoint();
    const answer = await answerTo(
      port,
      `${`GET /api/v1/units/1/points/a HTTP/1.1\r\n${HOST}\r\n`.repeat(50)}GET /api/v1 HTTP/1.1\r\n${HOST}${CLOSE}`,
    );
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(51);
  });

  test('are told nothing that could be taken for something else', async () => {
    const { url } = await servePoint();
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
