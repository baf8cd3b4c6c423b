import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { RedisLink } from '../chaos/redis-link.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freePort } from '../helpers/free-port.js';
import { runChecked } from '../helpers/process.js';
import { RedisServer } from '../helpers/redis.js';
import { COMMAND_TIMEOUT, type Options, Station } from './station.js';

// What lies between a server and its Redis: a link that is slow or hangs, TLS, Sentinel, another Redis than before.

/** What a request takes at most, in ms, on a busy machine. */
const LONGEST = 5 * COMMAND_TIMEOUT;

async function startRedis(...args: string[]): Promise<RedisServer> {
  const redis = await RedisServer.start(...args);
  onTestFinished(() => redis.stop());
  return redis;
}

async function openLink({ port }: RedisServer): Promise<RedisLink> {
  const link = await RedisLink.open(port);
  onTestFinished(() => link.close());
  return link;
}

const at = (port: number) => ({ host: '127.0.0.1', port });

function connect(options: Options): Redis {
  const redis = new Redis(options);
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** The result of a request that must not take long. */
async function soon<T>(request: Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await request;
  expect(performance.now() - start).toBeLessThan(LONGEST);
  return result;
}

/** Waits until something is so. */
function until(check: () => unknown): Promise<unknown> {
  return vi.waitFor(check, { timeout: 30_000, interval: 10 });
}

const untilReads = (station: Station, value: number) => until(async () => expect(await station.read()).toBe(value));
const untilState = (station: Station, state: string) => until(() => expect(station.image.state).toBe(state));

const DELAYS: [string, number][] = [
  ['takes longer than commandTimeout', 2 * COMMAND_TIMEOUT],
  ['cannot be reached, though its connections are open', Infinity],
];

describe.each(DELAYS)('while Redis %s', (_, delay) => {
  let link: RedisLink;
  beforeEach(async () => {
    link = await openLink(await startRedis());
  });

  test('with `refuse`, reads and writes get the exception that was chosen', async () => {
    const station = await Station.start(at(link.port), { whenAway: 'refuse', awayException: 6 });
    expect(await station.write(1)).toBe(1);
    link.delay = delay;
    expect(await soon(station.write(2))).toBe('exception 6');
    await untilState(station, 'away');
    expect(await soon(station.read())).toBe('exception 6');
    expect(await soon(station.write(3))).toBe('exception 6');
    link.delay = 0;
    await untilState(station, 'ready');
    expect([1, 2]).toContain(await station.read()); // the first may have got there: its client was not told
    expect(await station.write(4)).toBe(4);
    expect(station.told).toEqual(expect.arrayContaining(['away', 'back 0']));
  });

  test('with `stale`, reads go on for maxStale, and writes get exception 04', async () => {
    const station = await Station.start(at(link.port), { whenAway: 'stale', maxStale: 4 * COMMAND_TIMEOUT });
    expect(await station.write(1)).toBe(1);
    link.delay = delay;
    expect(await soon(station.write(2))).toBe('exception 4');
    expect(await soon(station.read())).toBe(1);
    await until(async () => expect(await soon(station.read())).toBe('exception 4'));
    link.delay = 0;
    await untilState(station, 'ready');
    expect([1, 2]).toContain(await station.read());
  });

  test('with `detach`, the server goes on alone, and says afterwards what is lost', async () => {
    const station = await Station.start(at(link.port), { whenAway: 'detach' });
    expect(await station.write(1)).toBe(1);
    link.delay = delay;
    await untilState(station, 'detached');
    expect(await soon(station.write(2))).toBe(2);
    expect(await soon(station.write(3))).toBe(3);
    expect(await soon(station.read())).toBe(3);
    link.delay = 0;
    await untilState(station, 'ready');
    expect(await station.read()).toBe(1);
    expect(station.told).toContain('back 2');
    expect(await station.write(4)).toBe(4);
  });

  test('with the latest reads, they get exception 04 in time, too', async () => {
    const station = await Station.start(at(link.port), { reads: 'latest' });
    expect(await station.write(1)).toBe(1);
    link.delay = delay;
    expect(await soon(station.read())).toBe('exception 4');
    link.delay = 0;
    await untilReads(station, 1);
  });
});

describe('TLS', () => {
  /** A certificate of our own for 127.0.0.1, and the Redis that has it. */
  async function startTls() {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    const subject = ['-subj', '/CN=redis', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await runChecked('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert]);
    const port = await freePort();
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
    await startRedis('--tls-port', `${port}`, '--tls-auth-clients', 'no', ...files);
    return { port, ca: readFileSync(cert) };
  }

  test('carries an image', async () => {
    const { port, ca } = await startTls();
    const one = await Station.start({ ...at(port), tls: { ca } });
    const other = await Station.start({ ...at(port), tls: { ca } });
    expect(await one.write(7)).toBe(7);
    await untilReads(other, 7);
  });

  test('with a certificate that nobody vouches for ends the attempt, and says why', async () => {
    const { port } = await startTls();
    await expect(Station.start({ ...at(port), tls: {} })).rejects.toThrow(/self-signed certificate/);
  });
});

describe('another Redis takes over', () => {
  /** A Redis, a replica of it, and what carries the writes from one to the other. */
  async function startPair() {
    const master = await startRedis();
    const replication = await openLink(master);
    const replica = await startRedis('--replicaof', `127.0.0.1 ${replication.port}`);
    const admin = connect(at(master.port));
    await until(async () => expect(await admin.info('replication')).toContain('state=online'));
    return { master, replication, replica };
  }

  test('by the word of Sentinel: writes go on', async () => {
    const { master, replica } = await pairWithoutLink();
    const sentinel = await startSentinel(master);
    const station = await Station.start({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'plant' });
    expect(await station.write(1)).toBe(1);
    const admin = connect(at(replica.port));
    await until(async () => expect(await admin.exists('{busbar:plant:1}:stream')).toBe(1));
    await master.kill();
    await until(async () => expect(await soon(station.write(2))).toBe(2));
    expect(await station.read()).toBe(2);
  });

  test('and has less: servers read all values again, and say so', async () => {
    const { master, replication, replica } = await startPair();
    const link = await openLink(master);
    const stations = [await Station.start(at(link.port)), await Station.start(at(link.port))];
    expect(await stations[0].write(1)).toBe(1);
    const copy = connect(at(replica.port));
    const registers = () => copy.getBuffer('{busbar:plant:1}:holdingRegisters');
    await until(async () => expect(await registers()).toEqual(Buffer.from([0, 1])));
    replication.delay = Infinity;
    expect(await stations[0].write(2)).toBe(2); // the replica never hears of it
    for (const station of stations) await untilReads(station, 2);
    await master.kill();
    await copy.replicaof('NO', 'ONE');
    link.target = replica.port;
    link.cut();
    for (const station of stations) {
      await untilReads(station, 1);
      expect(station.told).toContainEqual(expect.stringMatching(/^reloaded/));
    }
    expect(await stations[1].write(3)).toBe(3);
    await untilReads(stations[0], 3);
  });
});

async function pairWithoutLink() {
  const master = await startRedis();
  const replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`);
  const admin = connect(at(master.port));
  await until(async () => expect(await admin.info('replication')).toContain('state=online'));
  return { master, replica };
}

/** Watches a Redis called `plant`; it is quick to say that one is down. */
async function startSentinel(master: RedisServer): Promise<RedisServer> {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const file = join(folder.path, 'sentinel.conf');
  const settings = ['down-after-milliseconds plant 500', 'failover-timeout plant 2000'];
  const monitor = `sentinel monitor plant 127.0.0.1 ${master.port} 1`;
  writeFileSync(file, [monitor, ...settings.map((line) => `sentinel ${line}`)].join('\n'));
  return startRedis(file, '--sentinel');
}
