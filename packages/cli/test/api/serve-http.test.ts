import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../helpers/client.js';
import { busbar, Serving } from '../helpers/command.js';
import { folderWith } from '../helpers/files.js';

const CONFIG = `listen: [{ type: tcp, port: 0 }]
http: { port: 0 }
units:
  - { id: 1, name: boiler, points: { setpoint: { at: holding 0, type: int16, scale: 0.1, min: 30, max: 80, value: 65 } } }
`;

/** The command with a config, and the address of its API. */
async function serve(config: string, args: string[] = []) {
  const folder = folderWith({ 'boiler.yaml': config });
  const file = join(folder.path, 'boiler.yaml');
  const { serving, ports, before } = await Serving.start(['--config', file, ...args]);
  const url = String(before.find(({ event }) => event === 'http')?.url);
  const api = (method: string, path: string, body?: object) =>
    fetch(`${url}api/v1/${path}`, {
      method,
      ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  return {
    url,
    serving,
    api,
    port: ports[0],
    write: (text: string) => writeFileSync(file, text),
    [Symbol.asyncDispose]: async () => {
      await serving[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

describe('busbar serve', () => {
  test('has no HTTP unless it is asked for', async () => {
    await using served = await serve(CONFIG.replace('http: { port: 0 }\n', ''));
    expect(served.url).toBe('undefined');
  });

  test('writes over HTTP what a Modbus client then reads', async () => {
    await using served = await serve(CONFIG);
    expect((await served.api('PUT', 'units/1/points/setpoint', { value: 70 })).status).toBe(200);
    expect(await ask(served.port, 1, '0300000001')).toBe('030202bc');
    expect((await served.api('PUT', 'units/boiler/points/setpoint', { value: 81 })).status).toBe(422);
    expect(await ask(served.port, 1, '0600000320')).toBe('0600000320');
    const point = await (await served.api('GET', 'units/1/points/setpoint')).json();
    expect(point).toMatchObject({ value: 80, changed: { by: expect.stringMatching(/^127\.0\.0\.1:\d+$/) } });
  });

  test('is found in a browser where --http says', async () => {
    await using served = await serve(CONFIG.replace('port: 0 }\nunits', 'port: 1 }\nunits'), ['--http', 'localhost:0']);
    const response = await fetch(served.url);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html; charset=utf-8$/i),
    ]);
  });

  test('reads the config again when it is asked to, and shows the units that it has then', async () => {
    await using served = await serve(CONFIG);
    served.write(`${CONFIG}  - { id: 2, name: meter }\n`);
    const changes = await (await served.api('POST', 'reload')).json();
    expect(changes).toEqual({ changed: ['unit 2 (meter) added'], restart: [] });
    expect(await served.serving.next('reloaded')).toMatchObject({ units: { added: [{ id: 2 }] } });
    expect((await served.api('GET', 'units/meter')).status).toBe(200);
    served.write(CONFIG.replace('port: 0 }\nunits', 'port: 8999 }\nunits').replace('name: boiler', 'name: kettle'));
    expect(await (await served.api('POST', 'reload')).json()).toMatchObject({ restart: ['http'] });
    const written = await served.api('PUT', 'units/kettle/points/setpoint', { value: 50 });
    expect(await written.json()).toMatchObject({ value: 50, changed: { by: 'api' } });
  });

  test('says what is wrong with a config that is to be read again', async () => {
    await using served = await serve(CONFIG);
    served.write(CONFIG.replace('id: 1', 'id: 300'));
    const response = await served.api('POST', 'reload');
    expect(response.status).toBe(422);
    const problems = [expect.stringContaining('units[0].id: expected a whole number')];
    expect(await response.json()).toMatchObject({ status: 422, problems });
    expect(await served.serving.next('reloadFailed')).toMatchObject({ level: 'error' });
    expect((await served.api('GET', 'units/1')).status).toBe(200);
  });

  test('ends in time, whoever is connected', async () => {
    await using served = await serve(CONFIG);
    await served.api('GET', 'units');
    expect((await served.serving.stop('SIGTERM')).code).toBe(0);
  });

  test('says why it cannot be reached', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await busbar(['serve', '--tcp', '127.0.0.1:0', '--http', `127.0.0.1:${port}`]);
    taken.close();
    expect([code, stderr]).toEqual([
      1,
      `busbar: http 127.0.0.1:${port}: the port is in use; --http HOST:PORT takes another\n`,
    ]);
    expect(await busbar(['serve', '--http', ':0'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('token'),
    });
    expect(await busbar(['serve', '--http', '0'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--http: "0" has no host: write 127.0.0.1:0, or :0 for every address'),
    });
  });

  test('tells people where it is', async () => {
    await using serving = Serving.pretty(['--tcp', '127.0.0.1:0', '--http', '127.0.0.1:0']);
    expect(await serving.textUntil('Ctrl-C')).toMatch(/\n {2}http:\/\/127\.0\.0\.1:\d+\/ {2}console and HTTP API\n/);
  });
});
