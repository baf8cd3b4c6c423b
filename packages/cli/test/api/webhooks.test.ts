import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../interop/helpers/free-port.js';
import { Services } from '../../src/api/services.js';
import type { Patience } from '../../src/api/webhooks/hook.js';
import { Webhooks } from '../../src/api/webhooks/webhooks.js';
import type { Webhook } from '../../src/config/schema-webhooks.js';
import type { LogEvent } from '../../src/log/event.js';
import { Logger } from '../../src/log/logger.js';
import { ask, request } from '../helpers/client.js';
import { Serving } from '../helpers/command.js';
import { folderWith } from '../helpers/files.js';
import { TestOutput } from '../helpers/output.js';
import { BOILER, clientOf, deviceOf } from './helpers/device.js';
import { Receiver } from './helpers/receiver.js';

const AT_ONCE: Patience = { timeout: 60_000, pause: () => 0 };

async function hooked(hooks: readonly Webhook[], patience = AT_ONCE) {
  const device = await deviceOf();
  const log = new Logger('json', 'info', new TestOutput());
  const services = new Services(device, log, () => device.reload());
  const webhooks = new Webhooks(device, services.feed, log, patience);
  onTestFinished(() => {
    webhooks.stop();
    services.stop();
  });
  webhooks.replace(hooks);
  const [boiler] = device.units;
  return { device, boiler, log, webhooks, services };
}

/** Resolves with the next event of the log that has this name. */
function logged(log: Logger, name: string): Promise<LogEvent> {
  return new Promise((resolve) => {
    const end = log.hear((_, event) => {
      if (event.event !== name) return;
      end();
      resolve(event);
    });
  });
}

describe('a webhook', () => {
  test('is told what a client has written, with its headers', async () => {
    const receiver = await Receiver.start();
    const headers = { Authorization: 'Bearer abc' };
    const { device } = await hooked([
      { on: 'write', unit: 'boiler', points: ['setpoint'], url: receiver.url, headers },
    ]);
    const client = await clientOf(device);
    await request(client, 1, '050003ff00');
    await request(client, 1, '0600010190');
    expect(await receiver.next()).toEqual({
      id: expect.any(Number),
      type: 'write',
      lost: 0,
      data: expect.objectContaining({
        unit: 1,
        values: [400],
        points: [expect.objectContaining({ name: 'setpoint', value: 40, text: '40.0 °C' })],
      }),
    });
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      url: '/hook?key=secret',
      headers: {
        authorization: 'Bearer abc',
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^busbar\//),
      },
    });
    expect(receiver.requests).toHaveLength(1);
  });

  test('is told of its points and types only', async () => {
    const receiver = await Receiver.start();
    const { boiler, device, log } = await hooked([
      { on: ['change', 'log'], unit: 1, points: ['flow'], url: receiver.url },
    ]);
    boiler.points.setpoint.value = 40;
    device.units[1].inputRegisters.set(0, 4);
    boiler.points.flow.value = 70;
    expect((await receiver.next()).data).toEqual({
      points: [expect.objectContaining({ name: 'flow', value: 70 })],
      ranges: [],
    });
    log.log('warn', { event: 'webhookFailed', text: 'about another one' });
    log.log('warn', { event: 'portLost', text: 'lost' });
    expect((await receiver.next()).data).toMatchObject({ event: 'portLost' });
  });

  test('is told again what has failed, in order, until it is there', async () => {
    let failures = 0;
    const answers = [503, 500, 429, 408];
    const receiver = await Receiver.start((response) => {
      response.statusCode = answers[failures++] ?? 204;
      response.end();
    });
    const { log } = await hooked([{ on: 'log', url: receiver.url }]);
    const [failed, back] = [logged(log, 'webhookFailed'), logged(log, 'webhookBack')];
    log.log('warn', { event: 'one', text: '' });
    log.log('warn', { event: 'two', text: '' });
    const told = [];
    for (let i = 0; i < 6; i++) told.push(await receiver.next());
    expect(told.map(({ data }) => 'event' in data && data.event)).toEqual(['one', 'one', 'one', 'one', 'one', 'two']);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
    expect((await failed).text).toBe(
      `webhook http://127.0.0.1:${receiver.port}/hook fails: 503 Service Unavailable; trying again after growing pauses`,
    );
    expect((await back).text).toMatch(/hook answers again; 1 event waiting, 0 lost$/);
  });

  test('pauses longer and longer', async () => {
    const pauses: number[] = [];
    const receiver = await Receiver.start((response) => {
      response.statusCode = pauses.length < 3 ? 500 : 200;
      response.end();
    });
    const pause = (count: number) => {
      pauses.push(count);
      return 0;
    };
    const { log } = await hooked([{ on: 'log', url: receiver.url }], { ...AT_ONCE, pause });
    const back = logged(log, 'webhookBack');
    log.log('warn', { event: 'one', text: '' });
    await back;
    expect(pauses).toEqual([1, 2, 3]);
  });

  test('that refuses an event is told the next one', async () => {
    const receiver = await Receiver.start((response) => {
      response.statusCode = receiver.requests.length === 1 ? 404 : 301;
      response.setHeader('Location', 'http://127.0.0.1/elsewhere');
      response.end();
    });
    const { log } = await hooked([{ on: 'log', url: receiver.url }]);
    const first = logged(log, 'webhookRefused');
    log.log('warn', { event: 'one', text: '' });
    expect((await first).text).toContain('hook refuses an event (log): 404 Not Found');
    const second = logged(log, 'webhookRefused');
    log.log('warn', { event: 'two', text: '' });
    expect((await second).text).toContain('301 Moved Permanently, to http://127.0.0.1/elsewhere; it is not told again');
    expect(receiver.requests).toHaveLength(2);
  });

  test('that hangs is asked again in another connection, and nobody waits for it', async () => {
    const receiver = await Receiver.start((response) => {
      if (receiver.requests.length > 1) response.end();
    });
    const { device, log } = await hooked([{ on: 'write', url: receiver.url }], { timeout: 50, pause: () => 0 });
    const back = logged(log, 'webhookBack');
    const failed = logged(log, 'webhookFailed');
    const client = await clientOf(device);
    expect(await request(client, 1, '0600010190')).toBe('0600010190');
    expect((await failed).text).toContain('hook fails: no answer in time');
    await back;
    expect((await receiver.next()).id).toBe((await receiver.next()).id);
  });

  test('that is down and comes back gets the last events, and is told how many it has lost', async () => {
    const port = await freePort();
    const before = await Receiver.start(undefined, port);
    const { url } = before;
    await before.stop();
    const pause = () => 1;
    const { log } = await hooked([{ on: 'log', url }], { ...AT_ONCE, pause });
    const failed = logged(log, 'webhookFailed');
    log.log('warn', { event: 'first', text: '' });
    expect((await failed).text).toContain(`fails: connect ECONNREFUSED 127.0.0.1:${port}`);
    for (let i = 0; i < 1200; i++) log.log('warn', { event: `event${i}`, text: '' });
    const back = logged(log, 'webhookBack');
    const receiver = await Receiver.start(undefined, port);
    expect(await receiver.next()).toMatchObject({ lost: 0, data: { event: 'first' } });
    expect(await receiver.next()).toMatchObject({ lost: 200, data: { event: 'event200' } });
    expect(await receiver.next()).toMatchObject({ lost: 0, data: { event: 'event201' } });
    expect((await back).text).toContain('1000 events waiting, 200 lost');
  });

  test('goes on over reloads; when it is removed, the log says what it was not told', async () => {
    const silent = await Receiver.start(() => undefined);
    const receiver = await Receiver.start();
    const hook = { on: 'change' as const, unit: 'boiler', url: receiver.url };
    const { device, webhooks, log } = await hooked([hook, { on: 'change', url: silent.url }]);
    writeFileSync(device.file ?? '', BOILER.replace('value: 65', 'value: 66'));
    await device.reload();
    device.unit('boiler').points.flow.value = 70;
    expect((await receiver.next()).data).toMatchObject({ points: [{ name: 'flow' }] });
    await silent.next();
    const ended = logged(log, 'webhookEnded');
    webhooks.replace([hook]);
    expect((await ended).text).toContain('1 event not told at the end');
    device.unit('boiler').points.flow.value = 71;
    expect((await receiver.next()).data).toMatchObject({ points: [{ value: 71 }] });
    expect(silent.requests).toHaveLength(1);
  });
});

describe('busbar serve', () => {
  test('tells the webhooks of its config, without an API, and those that a reload brings', async () => {
    const [first, second] = [await Receiver.start(), await Receiver.start()];
    const plain = 'listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1, points: { setpoint: { at: holding 0 } } }]\n';
    const config = (url: string) => `${plain}webhooks: [{ on: write, unit: 1, points: [setpoint], url: "${url}" }]\n`;
    using folder = folderWith({ 'boiler.yaml': plain });
    const file = join(folder.path, 'boiler.yaml');
    const { serving, ports } = await Serving.start(['--config', file]);
    await using _ = serving;
    for (const receiver of [first, second]) {
      writeFileSync(file, config(receiver.url));
      serving.child.kill('SIGHUP');
      expect((await serving.next('webhook')).message).toMatch(/hook is told of: write$/);
      await ask(ports[0], 1, '0600000005');
      expect(await receiver.next()).toMatchObject({
        type: 'write',
        data: { points: [{ name: 'setpoint', value: 5 }] },
      });
    }
    expect((await serving.stop('SIGTERM')).code).toBe(0);
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  });
});
