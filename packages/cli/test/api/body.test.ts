import { describe, expect, test } from 'vitest';
import { HTTP_LIMITS } from '../../src/api/http-server.js';
import { servePoint } from './helpers/api.js';
import { HOST, RawClient, statusOf } from './helpers/raw.js';

const PUT = `PUT /api/v1/units/1/points/a HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

describe('a body', () => {
  test('without end is not waited for', async () => {
    const { port, get } = await servePoint();
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
    const { port } = await servePoint();
    const client = new RawClient(port).send(`${PUT}Content-Length: 99999999\r\n\r\n{`);
    expect(statusOf(await client.ended)).toContain(' 413 ');
  });

  test('that is large has to wait while too many others come, and small ones go on', async () => {
    const { port, get, send } = await servePoint();
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
    const { send } = await servePoint();
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
    const { send, get } = await servePoint();
    const { status, body } = await send('PUT', 'snapshot', `{"units":[${`${part},`.repeat(200_000)}1]}`);
    expect([status, body.detail]).toEqual([413, 'the body has more than 200000 lists, maps and keys']);
    expect((await get('units/1/points/a')).status).toBe(200);
  });

  test('that does not come is given up', async () => {
    const limits = { ...HTTP_LIMITS, headersTimeout: 100, requestTimeout: 200 };
    const { port } = await servePoint({ limits });
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
    const { port, get } = await servePoint();
    const answer = await new RawClient(port).send(`${PUT}${rest}`).until(' 400 ');
    expect(statusOf(answer)).toContain(' 400 ');
    expect((await get('units/1/points/a')).body.value).toBe(0);
  });

  test('of JSON that goes deep, or has names of JavaScript, is only refused', async () => {
    const { send } = await servePoint();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await send('PUT', 'units/1/points/a', deep)).status).toBe(400);
    expect((await send('PUT', 'units/1/points/a', '{"value": 1, "__proto__": {"a": 1}}')).status).toBe(400);
    expect((await send('PUT', 'units/1/points/a', '{"constructor": 1}')).status).toBe(400);
    expect((await send('POST', 'faults', '{"name": "__proto__", "exception": 6}')).status).toBe(201);
    expect((await send('PATCH', 'faults/__proto__', { active: false })).status).toBe(200);
  });
});
