import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../interop/helpers/free-port.js';
import { HTTP_LIMITS } from '../src/api/http-server.js';
import { RemoteClient } from '../src/remote/client.js';
import { openEvents } from '../src/remote/events.js';
import { ask, connected, request } from './helpers/client.js';
import { busbar, Serving, started } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

/** The second unit has a point of the same name. */
const CONFIG = `
listen: [{ type: tcp, port: 0 }]
http: { port: 0 }
faults: [{ name: slow one, unit: 2, delay: 100ms, active: false }]
units:
  - id: 1
    name: boiler
    points:
      flow: { at: holding 0, type: int16, scale: 0.1, unit: °C, value: 65 }
      setpoint: { at: holding 1, type: int16, scale: 0.1, unit: °C, min: 30, max: 80, value: 55 }
      mode: { at: holding 20, labels: { 0: off, 1: auto, 2: hand }, value: auto }
      alarms: { at: holding 30, type: bits, labels: { 0: overheated, 3: no flow } }
      total: { at: input 200, type: uint64, value: 4711 }
      pump: { at: coil 3, value: true }
      name: { at: holding 40, type: string, length: 4, value: B-1234 }
    holdingRegisters: [{ start: 100, count: 10 }]
  - { id: 2, points: { flow: { at: holding 0, value: 7 } } }
`;

/** `busbar serve` with a config, and the commands that ask it. */
async function serve(text: string, env: Record<string, string> = {}, ...args: string[]) {
  const folder = folderWith({ 'boiler.yaml': text });
  const { serving, ports, before } = await Serving.start(['--config', join(folder.path, 'boiler.yaml'), ...args]);
  const url = String(before.find(({ event }) => event === 'http')?.url);
  return {
    url,
    serving,
    port: ports[0],
    run: (...args: string[]) => busbar(args, { env: { BUSBAR_URL: url, ...env } }),
    end: async () => {
      await serving[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** The set point becomes 40. */
const WRITE = '0600010190';

type Served = Awaited<ReturnType<typeof serve>>;

/** What a command prints; it must do what it was asked. */
async function printed(served: Served, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await served.run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** What a command complains of, which has failed. */
async function complaint(served: Served, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await served.run(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr;
}

describe('a running device', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(CONFIG);
  });
  afterAll(() => served.end());

  test('shows all of its points', async () => {
    const lines = (await printed(served, 'get')).split('\n');
    expect(lines).toContain('boiler.flow      65.0 °C  holding 0 (40001)');
    expect(lines).toContain('unit2.flow       7        holding 0 (40001)');
    expect(lines).toHaveLength(9);
  });

  test('tells values that scripts can use', async () => {
    expect(await printed(served, 'get', 'setpoint')).toMatch(/^\d+\n$/);
    expect(await printed(served, 'get', 'boiler.flow', 'unit2.flow')).toBe(
      'boiler.flow  65.0 °C  holding 0 (40001)\nunit2.flow   7        holding 0 (40001)\n',
    );
    expect(await printed(served, 'get', '2.flow')).toBe('7\n');
    expect(JSON.parse(await printed(served, 'get', 'name', '--json'))).toMatchObject({ name: 'name', value: 'B-1234' });
    expect(JSON.parse(await printed(served, 'get', 'name', 'pump', '--json'))).toMatchObject([{}, { value: true }]);
  });

  test('says which point may have been meant', async () => {
    expect(await complaint(served, 'get', 'setpont')).toBe(
      'busbar: there is no point setpont; did you mean setpoint?\n',
    );
    expect(await complaint(served, 'get', 'boiler.pum')).toBe(
      'busbar: there is no point pum of boiler; did you mean pump?\n',
    );
    expect(await complaint(served, 'get', 'boilr.flow')).toBe('busbar: there is no unit boilr; did you mean boiler?\n');
    expect(await complaint(served, 'get', 'flow')).toBe(
      'busbar: several units have a point flow: say which: boiler.flow, unit2.flow\n',
    );
    expect(await complaint(served, 'get', 'x')).toBe('busbar: there is no point x; busbar get lists all\n');
  });

  test.each([
    ['mode', 'hand', 'hand', 'hand'],
    ['alarms', 'overheated,no flow', 'overheated, no flow', 'overheated,no flow'],
    ['total', '18446744073709551615', '18446744073709551615', '18446744073709551615'],
    ['pump', 'off', 'off', 'off'],
    ['boiler.flow', '-5', '-5.0 °C', '-5'],
    ['name', 'A B', 'A B', 'A B'],
  ])('takes %s = %s, and gives it back', async (point, value, text, got) => {
    const name = point.startsWith('boiler.') ? point : `boiler.${point}`;
    expect(await printed(served, 'set', point, value)).toBe(`${name} ${text}\n`);
    expect(await printed(served, 'get', point)).toBe(`${got}\n`);
  });

  test('says why it does not take a value', async () => {
    expect(await complaint(served, 'set', 'setpoint', '99')).toContain('expected a value from 30 to 80');
    expect(await complaint(served, 'set', 'mode', 'hard')).toContain('"off", "auto", "hand"');
    expect(await served.run('set', 'pump', 'maybe')).toMatchObject({ code: 2, stdout: '' });
  });

  test('shows and takes values of tables', async () => {
    const written = '100  40101  -1.5\n102  40103  7\n';
    const order = ['--type', 'float32', '--order', 'CDAB'];
    expect(await printed(served, 'set', '1', 'holding', '100', '-1.5', '7', ...order)).toBe(written);
    expect(await printed(served, 'get', 'boiler', 'holding', '100', '2', ...order)).toBe(written);
    expect(await ask(served.port, 1, '0300640002')).toBe('03040000bfc0');
    expect(await printed(served, 'get', '1', 'holding', '0x65')).toBe('101  40102  49088  0xBFC0\n');
    expect(await printed(served, 'set', '1', 'coils', '3', 'on')).toBe('3  00004  on\n');
    const range = JSON.parse(await printed(served, 'get', '1', 'coil', '3', '--json'));
    expect(range).toMatchObject({ table: 'coils', start: 3, values: [true] });
  });

  test('says which tables and addresses there are', async () => {
    expect(await complaint(served, 'get', '1', 'holding', '5')).toContain('there are 0 to 1, 20, 30');
    expect(await complaint(served, 'get', '3', 'holding', '0')).toBe('busbar: there is no unit 3; there are 1, 2\n');
  });

  test('switches faults, which clients then see', async () => {
    const read = () => ask(served.port, 1, '0300010001');
    expect(await printed(served, 'fault', 'list')).toBe('slow one  off  0 hits  delay: 100ms, unit: 2\n');
    expect(await printed(served, 'fault', 'add', '{ name: busy, unit: 1, functions: [3], exception: 6 }')).toBe(
      'busy is on\n',
    );
    expect(await read()).toBe('8306');
    expect(await printed(served, 'fault', 'off', 'busy')).toBe('busy is off\n');
    expect(await read()).toMatch(/^0302/);
    expect(await printed(served, 'fault', 'on', 'slow one')).toBe('slow one is on\n');
    expect(JSON.parse(await printed(served, 'fault', 'list', '--json'))).toMatchObject([
      { name: 'slow one', active: true },
      { name: 'busy', active: false, hits: 1 },
    ]);
    expect(await served.run('fault', 'add', '{ name: far, unit: [1, 9], badChecksum: true, active: false }')).toEqual({
      code: 0,
      stdout: 'far is off\n',
      stderr:
        'busbar: warning: badChecksum: does nothing on any listener: MBAP has no checksum\n' +
        'busbar: warning: unit[1]: no unit has the id 9; requests to it are hit all the same\n',
    });
    await printed(served, 'fault', 'remove', 'far');
    expect(await complaint(served, 'fault', 'on', 'buzy')).toContain('did you mean "busy"?');
    expect(await complaint(served, 'fault', 'add', '{ name: busy, exception: 6 }')).toContain('already');
    expect(await complaint(served, 'fault', 'add', '{ name: odd }')).toContain('expected a kind of fault');
    expect(await printed(served, 'fault', 'remove', 'busy')).toBe('busy is removed\n');
    expect(await printed(served, 'fault', 'off', 'slow one', '--json')).toContain('"active": false');
  });

  test('is waited for: for what is so, what a client writes, and not for ever', async () => {
    await printed(served, 'set', 'setpoint', '50');
    expect(await printed(served, 'wait', 'setpoint', '--equals', '50')).toBe('50\n');
    expect(await printed(served, 'wait', '1', 'coil', '3', '--equals', 'on', '--json')).toContain('"value": [');
    expect(await complaint(served, 'wait', 'setpoint', '--above', '70', '--timeout', '50ms')).toBe(
      'busbar: setpoint was not above 70 within 50ms; it is 50.0 °C\n',
    );
    const waiting = printed(served, 'wait', 'setpoint', '--written', '--timeout', '60s');
    // Until the wait has begun, writes come to nothing; the same value again is a write, too.
    const writes = writeUntil(served.port, waiting);
    expect(await waiting).toBe('40\n');
    expect(await writes).toBeGreaterThan(0);
  });

  test('is watched, as long as somebody reads', async () => {
    const watching = Serving.pretty(['flow', 'boiler.setpoint', '--url', served.url], undefined, 'watch');
    onTestFinished(() => watching[Symbol.asyncDispose]());
    // One of the names is wrong: nothing is watched.
    expect(await watching.end).toMatchObject({ code: 1, stderr: expect.stringContaining('several units') });

    const args = ['boiler.setpoint', 'mode', '--url', served.url, '--json'];
    const both = Serving.pretty(args, undefined, 'watch');
    onTestFinished(() => both[Symbol.asyncDispose]());
    const [first, second] = [await both.textUntil('setpoint'), await both.textUntil('mode')];
    expect([first, second].map((line) => JSON.parse(line).name)).toEqual(['setpoint', 'mode']);
    await printed(served, 'set', 'setpoint', '61');
    const line = JSON.parse(await both.textUntil('61.0 °C'));
    expect(line).toMatchObject({ unit: 1, name: 'setpoint', value: 61, text: '61.0 °C', by: 'api' });
  });

  test('is watched as a whole: points by their names, and what lies outside of them', async () => {
    const { child } = started(['watch', '--url', served.url], {});
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = new Lines(child.stdout);
    const first = lines.next();
    // Until the watch has begun, writes come to nothing.
    await writeUntil(served.port, first, (count) => (count % 2 === 0 ? '060001012C' : WRITE));
    expect(await first).toMatch(/ boiler\.setpoint {2}[34]0\.0 °C {2}by 127\.0\.0\.1:\d+$/);
    await printed(served, 'set', '1', 'holding', '108', '3', '4');
    let line = await lines.next();
    // The last of those writes may follow, and none of them as registers.
    while (line.includes('boiler.setpoint')) line = await lines.next();
    expect(line).toMatch(/ unit 1, holdingRegisters 108\.\.109 changed {2}by api$/);
  });
});

/** What a command prints, line by line. */
class Lines {
  readonly #lines: AsyncIterator<string>;

  constructor(stream: Readable | null) {
    if (stream === null) throw new Error('the command has no such output');
    this.#lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  }

  async next(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the command has ended');
    return value;
  }
}

/** Writes the set point over Modbus until something is over, or 20 s have passed. @returns how often. */
async function writeUntil(port: number, over: Promise<unknown>, pdu = (_count: number) => WRITE): Promise<number> {
  const socket = await connected(port);
  const giveUp = performance.now() + 20_000;
  let [count, isOver] = [0, false];
  const end = () => {
    isOver = true;
  };
  over.then(end, end);
  for (; !isOver && performance.now() < giveUp; count++) await request(socket, 1, pdu(count));
  socket.destroy();
  return count;
}

describe('a device that ends', () => {
  test('and starts again is watched again: with what it is then, and what changes', async () => {
    const place = `127.0.0.1:${await freePort()}`;
    const first = await serve(CONFIG, {}, '--http', place);
    const { child, end } = started(['watch', 'unit2.flow', '--url', first.url], {});
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = new Lines(child.stdout);
    const warnings = new Lines(child.stderr);
    expect(await lines.next()).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}unit2\.flow {2}7$/);
    await first.end();
    const origin = first.url.slice(0, -1);
    expect(await warnings.next()).toBe(
      `busbar: ${origin} cannot be reached any more: it is watched again as soon as it is back`,
    );
    const second = await serve(CONFIG.replace('value: 7', 'value: 8'), {}, '--http', place);
    onTestFinished(() => second.end());
    expect(await warnings.next()).toBe(`busbar: ${origin} is back`);
    expect(await warnings.next()).toBe(`busbar: ${origin} cannot tell all changes: some are left out`);
    expect(await lines.next()).toMatch(/ unit2\.flow {2}8$/);
    await printed(second, 'set', 'unit2.flow', '9');
    expect(await lines.next()).toMatch(/ unit2\.flow {2}9 {2}by api$/);
    child.kill('SIGINT');
    expect((await end).code).toBe(null);
  });

  test('is waited for as long as for its value', async () => {
    const place = `127.0.0.1:${await freePort()}`;
    const first = await serve(CONFIG, {}, '--http', place);
    const { child, end } = started(['wait', 'setpoint', '--equals', '41', '--url', first.url, '--timeout', '60s'], {});
    onTestFinished(() => void child.kill('SIGKILL'));
    await first.end();
    expect(await new Lines(child.stderr).next()).toBe(
      `busbar: ${first.url.slice(0, -1)} cannot be reached: it is waited for`,
    );
    const second = await serve(CONFIG, {}, '--http', place);
    onTestFinished(() => second.end());
    await printed(second, 'set', 'setpoint', '41');
    expect(await end).toMatchObject({ code: 0, stdout: '41\n' });
    expect(await complaint(second, 'wait', 'setpoint', '--changes', '--timeout', '1000d')).toContain(
      'expected at most 5m',
    );
    await second.end();
    expect(await second.run('wait', 'setpoint', '--changes', '--timeout', '100ms')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing answers there'),
    });
    expect((await second.run('wait', 'setpoint', '--changes', '--timeout', 'soon')).code).toBe(2);
  });

  test('is not there any more', async () => {
    const served = await serve(CONFIG);
    await served.end();
    expect(await complaint(served, 'get')).toBe(
      `busbar: ${served.url.slice(0, -1)} cannot be reached: nothing answers there. busbar serve --http ` +
        '127.0.0.1:8502 starts a device with its HTTP API; --url says where another one is\n',
    );
  });

  test('has another program in its place', async () => {
    const other = createServer((_, response) => response.end('<!doctype html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const url = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { code, stderr } = await busbar(['get', '--url', url]);
    expect(code).toBe(1);
    expect(stderr).toContain(`what answers at http://${url} is not busbar serve`);
  });

  test('says nothing, and is not waited for any longer', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { code, stderr } = await busbar(['wait', 'flow', '--equals', '1', '--timeout', '100ms', '--url', url]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${url} cannot be reached: there was no answer in 5 s`);
  });

  test('has no such address', async () => {
    expect(await busbar(['get', '--url', 'http://:x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('http://:x is no address'),
    });
  });
});

test('a reader that has enough ends the watch', async () => {
  const served = await serve(CONFIG.replace('value: 7', 'simulate: { ramp: { from: 0, to: 1000, period: 10s } }'));
  onTestFinished(() => served.end());
  const { child, end } = started(['watch', 'unit2.flow', '--url', served.url], {});
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await end).toMatchObject({ code: 0, stderr: '' });
});

test('a device with many units is not asked over more connections than the API takes', async () => {
  const units = Array.from({ length: 300 }, (_, i) => ({ key: i + 1 }));
  const points = [{ name: 'flow', text: '7', place: 'holding 0 (40001)' }];
  let [open, most] = [0, 0];
  const device = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.url === '/api/v1/units' ? units : points));
  });
  device.on('connection', (socket) => {
    most = Math.max(most, ++open);
    socket.once('close', () => open--);
  });
  await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void device.close());
  const { code, stdout, stderr } = await busbar([
    'get',
    '--url',
    `127.0.0.1:${(device.address() as AddressInfo).port}`,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/^unit\d+\.flow +7 +holding 0 \(40001\)$/gm)).toHaveLength(300);
  expect(most).toBeLessThan(HTTP_LIMITS.connections);
});

describe('a token', () => {
  const SECRET = CONFIG.replace(
    'http: { port: 0 }',
    'http: { port: 0, token: a-long-secret-word, readToken: only-for-looking }',
  );

  test('is asked for, and says what it may not do', async () => {
    const served = await serve(SECRET);
    onTestFinished(() => served.end());
    const { run } = served;
    expect((await run('get', 'pump')).stderr).toMatch(
      /wants a token: give it with --token TOKEN, or .* BUSBAR_TOKEN\n$/,
    );
    expect((await run('get', 'pump', '--token', 'wrong')).stderr).toContain('the token is wrong');
    expect((await run('get', 'pump', '--token', 'a-long-secret-word')).stdout).toBe('on\n');
    const asReader = (...args: string[]) =>
      busbar(args, { env: { BUSBAR_URL: served.url, BUSBAR_TOKEN: 'only-for-looking' } });
    expect(await asReader('get', 'pump')).toMatchObject({ code: 0, stdout: 'on\n' });
    expect(await asReader('set', 'pump', 'off')).toMatchObject({
      code: 1,
      stderr: 'busbar: this token may only read\n',
    });
  });
});

test('the feed goes on when memory is tidied up before it is read', async () => {
  const served = await serve(CONFIG);
  onTestFinished(() => served.end());
  const feed = await openEvents(new RemoteClient({ url: served.url, token: undefined }), ['change']);
  await setImmediate();
  collectGarbage();
  // fetch hears of what was collected in a task of its own, and the device of it by the network: as this answer.
  await printed(served, 'set', 'unit2.flow', '9');
  const { value } = await feed.next();
  expect(value).toMatchObject({ type: 'change', data: { points: [{ unit: 2, name: 'flow', value: 9 }] } });
  await feed.return(undefined);
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
