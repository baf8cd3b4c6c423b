import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderWith } from '../helpers/files.js';
import { serveApi } from './helpers/api.js';
import { deviceOf } from './helpers/device.js';
import { RawClient, statusOf } from './helpers/raw.js';

/** The API with a console of two files, and a file beside its folder. */
async function serve() {
  const folder = folderWith({ 'secret.txt': 'secret' });
  onTestFinished(() => folder[Symbol.dispose]());
  const consoleFolder = join(folder.path, 'console');
  mkdirSync(join(consoleFolder, 'assets'), { recursive: true });
  writeFileSync(join(consoleFolder, 'index.html'), '<title>Busbar</title>');
  writeFileSync(join(consoleFolder, 'assets', 'main-1234.js'), 'start()');
  const { url, port } = await serveApi(await deviceOf(), { consoleFolder, token: 'a-token-of-this-test' });
  const get = (path: string, headers = {}) => fetch(url + path, { headers });
  return { get, port, consoleFolder };
}

describe('the files of the console', () => {
  test('are there for everybody; a token is for the data', async () => {
    const { get } = await serve();
    const page = await get('');
    expect([page.status, await page.text()]).toEqual([200, '<title>Busbar</title>']);
    expect(page.headers.get('Content-Type')).toMatch(/^text\/html/);
    const script = await get('assets/main-1234.js');
    expect([script.status, await script.text()]).toEqual([200, 'start()']);
    expect(script.headers.get('Content-Type')).toMatch(/javascript/);
    expect((await get('api/v1')).status).toBe(401);
  });

  test('are kept as long as they stay as they are', async () => {
    const { get, consoleFolder } = await serve();
    expect((await get('assets/main-1234.js')).headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    const { headers } = await get('');
    expect(headers.get('Cache-Control')).toBe('no-cache');
    const kept = { 'If-None-Match': headers.get('ETag') ?? '' };
    const same = await get('', kept);
    expect(same.status).toBe(304);
    for (const name of ['Cache-Control', 'ETag', 'Vary']) expect(same.headers.get(name)).toBe(headers.get(name));
    expect(headers.get('Vary')).toBe('Accept-Encoding');
    writeFileSync(join(consoleFolder, 'index.html'), '<title>Another</title>');
    expect((await get('', kept)).status).toBe(200);
  });

  test('are all there is', async () => {
    const { get } = await serve();
    for (const path of ['assets', 'assets/', 'assets/main.js', 'secret.txt', 'units/1']) {
      const { status, headers } = await get(path);
      expect([status, headers.get('Content-Type'), headers.get('Cache-Control')]).toEqual([
        404,
        'application/problem+json',
        null,
      ]);
    }
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/%2e%2e%5csecret.txt',
    '//secret.txt',
    '/assets//..//..//secret.txt',
  ])('are never another file: %s', async (path) => {
    const { port } = await serve();
    const client = new RawClient(port).send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    const answer = await client.ended;
    expect(statusOf(answer)).toMatch(/ 40[04] /);
    expect(answer).not.toContain('\r\n\r\nsecret');
  });

  test('are sent compressed to whoever takes that, and are the same', async () => {
    const { get, consoleFolder } = await serve();
    const script = 'start();\n'.repeat(1_000);
    writeFileSync(join(consoleFolder, 'assets', 'long-1234.js'), script);
    const sent = await get('assets/long-1234.js', { 'Accept-Encoding': 'gzip' });
    const { headers } = sent;
    expect(await sent.text()).toBe(script);
    expect(headers.get('Content-Encoding')).toBe('gzip');
    expect(headers.get('Vary')).toContain('Accept-Encoding');
    const kept = { 'Accept-Encoding': 'gzip', 'If-None-Match': headers.get('ETag') ?? '' };
    expect((await get('assets/long-1234.js', kept)).status).toBe(304);
    for (const encoding of ['identity', 'gzip;q=0', 'br']) {
      const plain = await get('assets/long-1234.js', { 'Accept-Encoding': encoding });
      expect([plain.headers.get('Content-Encoding'), await plain.text()]).toEqual([null, script]);
    }
  });

  test('can be asked for in part, as a browser may, and are not compressed then', async () => {
    const { get, consoleFolder } = await serve();
    const part = await get('assets/main-1234.js', { Range: 'bytes=0-4' });
    expect([part.status, await part.text()]).toEqual([206, 'start']);
    expect((await get('assets/main-1234.js', { Range: 'bytes=99-' })).status).toBe(416);
    const script = '0123456789'.repeat(1_000);
    writeFileSync(join(consoleFolder, 'assets', 'long-1234.js'), script);
    const large = await get('assets/long-1234.js', { Range: 'bytes=1-5000', 'Accept-Encoding': 'gzip' });
    expect([large.status, large.headers.get('Content-Encoding')]).toEqual([206, null]);
    expect(await large.text()).toBe(script.slice(1, 5001));
  });
});
