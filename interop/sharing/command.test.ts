import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDevice } from 'busbar-cli';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Certificates } from '../../packages/cli/test/helpers/certificates.js';
import { ask } from '../../packages/cli/test/helpers/client.js';
import { busbar, Serving } from '../../packages/cli/test/helpers/command.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freePort } from '../helpers/free-port.js';
import { ONCE, run } from '../helpers/process.js';
import { RedisServer } from '../helpers/redis.js';
import { until } from '../helpers/until.js';
import { redisForTest } from './sharer.js';

// The command itself: `share` in its config.

const PASSWORD = 'a-secret-of-this-test';

const UNITS = `units:
  - id: 1
    name: boiler
    points:
      setpoint: { at: holding 0, value: 55 }
      pump: { at: coil 0 }
      starts: { at: holding 2 }
      pulses: { at: input 0, type: uint32, simulate: { count: { from: 1, every: 100ms } } }
    when:
      - { point: pump, written: true, set: { starts: { formula: starts + 1 } } }
  - { id: 2, name: local, share: false, holdingRegisters: [{ start: 0, count: 4 }] }
`;

const at = ({ url }: Pick<RedisServer, 'url'>) => `redis: "${url}"`;

const config = (place: string, more = '') => `listen: [{ type: tcp, port: 0 }]
http: { port: 0 }
share: { ${place}, image: plant-a, commandTimeout: 2s, lease: 4s${more} }
${UNITS}`;

/** A server that shares, until the end of the test. */
async function sharing(redis: RedisServer | string, more = '') {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'plant.yaml'), config(typeof redis === 'string' ? redis : at(redis), more));
  const { serving, ports, before } = await Serving.start(['--config', 'plant.yaml'], folder.path);
  onTestFinished(async () => {
    await serving[Symbol.asyncDispose]();
    folder.remove();
  });
  const url = String(before.find(({ event }) => event === 'http')?.url);
  const get = async (path: string) => {
    const response = await fetch(new URL(path, url));
    return { status: response.status, text: await response.text() };
  };
  const root = async () => JSON.parse((await get('api/v1')).text);
  return {
    serving,
    before,
    port: ports[0],
    get,
    root,
    ask: (pdu: string, unit = 1) => ask(ports[0], unit, pdu),
    leads: async () => (await root()).sharing.leads.length === 1,
    pulses: async () => Number.parseInt((await ask(ports[0], 1, '0400000002')).slice(4), 16),
    put: async (value: number) => {
      const body = JSON.stringify({ value });
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(new URL('api/v1/units/1/points/setpoint', url), { method: 'PUT', headers, body });
      return { status: response.status, body: await response.json() };
    },
    write: (text: string) => writeFileSync(join(folder.path, 'plant.yaml'), text),
  };
}

type Server = Awaited<ReturnType<typeof sharing>>;

/** Two servers: the one that leads, and the other. */
async function pair(redis: RedisServer): Promise<[leader: Server, other: Server]> {
  const leader = await sharing(redis);
  await until(leader.leads);
  return [leader, await sharing(redis)];
}

const READ = '0300000001';

describe('two commands that share', () => {
  test('have the same values, whoever writes, and say with whom they share', async () => {
    const redis = await redisForTest();
    const [one, two] = await pair(redis);
    const kept = one.before.find(({ event }) => event === 'shared');
    expect(kept?.message).toBe(`values of 1 unit shared as plant-a over ${redis.url}`);
    expect(await one.ask('0600000007')).toBe('0600000007');
    await until(async () => (await two.ask(READ)) === '03020007');
    const written = await run('mbpoll', [...ONCE, '-t', '4', '-r', '0', '-p', `${two.port}`, '127.0.0.1', '9']);
    expect(written.stdout).toContain('Written 1');
    await until(async () => (await one.ask(READ)) === '03020009');
    expect(await two.put(11)).toMatchObject({ status: 200, body: { value: 11 } });
    await until(async () => (await one.ask(READ)) === '0302000b');
    await one.ask('0600000007', 2);
    expect(await two.ask(READ, 2)).toBe('03020000');
    expect((await one.root()).sharing).toEqual({
      image: 'plant-a',
      redis: redis.url,
      reads: 'local',
      whenAway: 'refuse',
      state: 'ready',
      units: [1],
      leads: [1],
    });
  });

  test('have points that one of them moves, and another goes on when that is killed', async () => {
    const redis = await redisForTest();
    const [leader, other] = await pair(redis);
    await until(async () => (await other.pulses()) >= 5);
    expect(await other.leads()).toBe(false);
    expect((await leader.get('metrics')).text).toContain('\nbusbar_sharing_leads{unit="1"} 1\n');
    expect((await other.get('metrics')).text).toMatch(/\nbusbar_sharing_version\{unit="1"\} [1-9]/);
    expect((await other.get('metrics')).text).toMatch(/\nbusbar_sharing_lag_seconds\{unit="1"\} 0\./);
    const seen = await other.pulses();
    await leader.serving.stop('SIGKILL');
    expect(await other.serving.next('lead')).toMatchObject({
      message: 'unit 1 (boiler): this server moves its points',
    });
    const taken = await other.pulses();
    expect(taken).toBeGreaterThanOrEqual(seen);
    await until(async () => (await other.pulses()) > taken + 3);
    expect((await other.get('metrics')).text).toContain('\nbusbar_sharing_leads{unit="1"} 1\n');
  });

  test('react once to what a client writes through either of them', async () => {
    const redis = await redisForTest();
    const [leader, other] = await pair(redis);
    const starts = () => leader.ask('0300020001');
    await other.ask('050000ff00');
    await until(async () => (await starts()) === '03020001');
    await leader.ask('0500000000');
    await until(async () => (await starts()) === '03020002');
    await until(async () => (await other.ask('0300020001')) === '03020002');
  });

  test('refuse a reload that changes a shared unit, and go on', async () => {
    const redis = await redisForTest();
    const [leader] = await pair(redis);
    leader.write(config(at(redis)).replace('starts: { at: holding 2 }', 'starts: { at: holding 3 }'));
    leader.serving.child.kill('SIGHUP');
    expect(await leader.serving.next('reloadFailed')).toMatchObject({
      message: expect.stringContaining(
        'unit 1 (boiler) can change only when busbar is started again, as its values are',
      ),
    });
    expect(await leader.ask('0600000007')).toBe('0600000007');
  });

  test('share units that a reload adds, and release those that it removes', async () => {
    const redis = await redisForTest();
    const [leader, other] = await pair(redis);
    const unit = '  - { id: 3, holdingRegisters: [{ start: 0, count: 4 }] }\n';
    for (const server of [leader, other]) {
      server.write(config(at(redis)) + unit);
      server.serving.child.kill('SIGHUP');
      await server.serving.next('reloaded');
    }
    await leader.ask('0600000007', 3);
    await until(async () => (await other.ask(READ, 3)) === '03020007');
    leader.write(config(at(redis)));
    leader.serving.child.kill('SIGHUP');
    await leader.serving.next('reloaded');
    expect((await leader.root()).sharing.units).toEqual([1]);
    expect((await other.root()).sharing.units).toEqual([1, 3]);
  });
});

test('a device in a program shares, too', async () => {
  const redis = await redisForTest();
  using folder = temporaryFolder();
  const file = join(folder.path, 'plant.yaml');
  writeFileSync(file, config(at(redis)));
  const server = await sharing(redis);
  await using device = await loadDevice(file);
  await device.start();
  expect(device.image?.state).toBe('ready');
  device.unit('boiler').points.setpoint.value = 77;
  await device.image?.settled();
  await until(async () => (await server.ask(READ)) === '0302004d');
});

test('two commands share over TLS, with certificates on both sides', async () => {
  using folder = temporaryFolder();
  const certificates = new Certificates(folder.path);
  certificates.issue('client');
  const port = await freePort();
  const file = (name: string) => join(folder.path, name);
  const files = ['--tls-cert-file', file('server.pem'), '--tls-key-file', file('server.key')];
  await redisForTest('--tls-port', `${port}`, ...files, '--tls-ca-cert-file', file('ca.pem'));
  const tls = `tls: { caFile: ${file('ca.pem')}, certFile: ${file('client.pem')}, keyFile: ${file('client.key')} }`;
  const place = `redis: "rediss://127.0.0.1:${port}", ${tls}`;
  const [one, two] = [await sharing(place), await sharing(place)];
  await one.ask('0600000007');
  await until(async () => (await two.ask(READ)) === '03020007');
});

test('two commands find Redis by Sentinel, with a password', async () => {
  const redis = await redisForTest('--requirepass', PASSWORD);
  using folder = temporaryFolder();
  const file = join(folder.path, 'sentinel.conf');
  const lines = [`monitor plant 127.0.0.1 ${redis.port} 1`, `auth-pass plant ${PASSWORD}`];
  writeFileSync(file, lines.map((line) => `sentinel ${line}\n`).join(''));
  const sentinel = await RedisServer.start(file, '--sentinel');
  onTestFinished(() => sentinel.stop());
  const place = `sentinels: ["127.0.0.1:${sentinel.port}"], name: plant, password: ${PASSWORD}`;
  const [one, two] = [await sharing(place), await sharing(place)];
  await one.ask('0600000007');
  await until(async () => (await two.ask(READ)) === '03020007');
  expect((await one.root()).sharing.redis).toBe(`plant of 127.0.0.1:${sentinel.port}`);
});

describe('while Redis hangs', () => {
  test('requests are refused, and probe, API, log and metrics say so', async () => {
    const redis = await redisForTest();
    const server = await sharing(redis);
    redis.pause();
    expect(await server.ask('0600000007')).toBe('8604');
    expect(await server.serving.next('redisAway')).toMatchObject({
      level: 'error',
      message: expect.stringMatching(
        /^Redis cannot be used: no answer in \d+ ms \(redis:\/\/127\.0\.0\.1:\d+\); clients get exceptions until it is back$/,
      ),
    });
    expect(await server.ask(READ)).toBe('8304');
    expect(await server.get('readyz')).toMatchObject({ status: 503, text: expect.stringContaining('Redis') });
    expect((await server.root()).sharing).toMatchObject({ state: 'away', problem: expect.any(String) });
    expect(await server.put(9)).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('unit 1 (boiler) takes no writes now: ') },
    });
    expect((await server.get('metrics')).text).toContain('\nbusbar_sharing_up 0\n');
    redis.resume();
    await server.serving.next('redisBack');
    expect(await server.get('readyz')).toMatchObject({ status: 200 });
    await until(async () => (await server.ask('0600000007')) === '0600000007');
    expect((await server.get('metrics')).text).toMatch(/\nbusbar_sharing_away_seconds_total (0\.\d*[1-9]|[1-9])/);
  });

  test('a server that may stay alone is ready, and says what it has lost', async () => {
    const redis = await redisForTest();
    const server = await sharing(redis, ', whenAway: detach');
    await server.ask('0600000005');
    redis.pause();
    await until(async () => (await server.root()).sharing.state === 'detached');
    expect(await server.ask('0600000007')).toBe('0600000007');
    expect(await server.get('readyz')).toMatchObject({ status: 200 });
    redis.resume();
    expect((await server.serving.next('redisBack')).lostWrites).toBeGreaterThanOrEqual(1);
    await until(async () => (await server.ask(READ)) === '03020005');
  });
});

describe('a Redis with a password', () => {
  const withPassword = ({ url }: RedisServer) => at({ url: url.replace('//', `//:${PASSWORD}@`) });

  const refused = async (place: string) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'plant.yaml'), config(place));
    return await busbar(['serve', '--config', 'plant.yaml'], { cwd: folder.path });
  };

  test('is entered with it, and nothing shows it', async () => {
    const redis = await redisForTest('--requirepass', PASSWORD);
    const server = await sharing(withPassword(redis));
    expect(await server.ask('0600000007')).toBe('0600000007');
    const { text } = await server.get('api/v1');
    expect(text + JSON.stringify(server.before)).not.toContain(PASSWORD);
    expect(text).toContain(`"redis":"${redis.url}"`);
  });

  test('refuses a wrong one, and so does the command', async () => {
    const redis = await redisForTest('--requirepass', 'another');
    const { code, stderr } = await refused(withPassword(redis));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^busbar: .*Redis/);
    expect(stderr).not.toContain(PASSWORD);
  });

  test('that is not there is why the command does not start', async () => {
    const redis = await redisForTest();
    await redis.kill();
    const { code, stderr } = await refused(at(redis));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^busbar: .*Redis/);
  });
});
