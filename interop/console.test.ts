import { readdirSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startBusbar } from './helpers/busbar.js';
import { DEVICE, serveConsole } from './helpers/console.js';
import { root } from './helpers/document.js';
import { RedisServer } from './helpers/redis.js';

// The console in a real browser, with a foreign client at the other end.

const served = serveConsole();
let page: Page;
beforeEach(() => {
  ({ page } = served);
});

describe('a unit', () => {
  beforeEach(() => served.goTo('units/1'));

  test('shows what a foreign client writes, and who it was', async () => {
    await served.rowOf('setpoint').waitFor();
    await served.write(0, 702);
    await served.rowOf('setpoint').getByText('70.2 °C').waitFor();
    await served.rowOf('setpoint').getByText('by 127.0.0.1').filter({ visible: true }).waitFor();
    await served.rowOf('setpoint').getByText('0x02BE').waitFor();
  });

  test('shows values that move by themselves', async () => {
    const value = served.valueOf('flow');
    const before = await value.textContent();
    await value.filter({ hasNotText: before ?? '' }).waitFor();
  });

  test('renders the points that can be seen, and keeps what is written in one that cannot', async () => {
    await served.goTo('units/3');
    await served.valueOf('slot0').click();
    await page.getByLabel('New value of slot0').fill('77');
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await served.rowOf('slot399').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(120);
    expect(await served.rowOf('slot200').count()).toBe(0);
    await page.evaluate('scrollTo(0, 0)');
    await page.getByLabel('New value of slot0').press('Enter');
    await served.rowOf('slot0').getByText('77', { exact: true }).waitFor();
    await page.getByLabel('Search points').fill('slot39');
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('12');
  });

  test('renders nothing but the cells of what has changed', async () => {
    await served.rowOf('flow').waitFor();
    await page.evaluate(`
      globalThis.changed = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
          if (element.closest('time') === null) changed.add(element.closest('tr')?.querySelector('.name')?.textContent ?? element.tagName);
        }
      }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
    `);
    const value = served.valueOf('flow');
    for (let change = 0; change < 5; change++) {
      await value.filter({ hasNotText: (await value.textContent()) ?? '' }).waitFor();
    }
    expect(await page.evaluate('[...changed]')).toEqual(['flow']);
  });

  test('gives the focus back to the value that was edited by keyboard', async () => {
    await served.valueOf('setpoint').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('New value of setpoint').fill('55');
    await page.keyboard.press('Enter');
    await served.rowOf('setpoint').getByText('55.0 °C').waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('setpoint: 55.0 °C, edit');
  });

  test('lights up what changes for a moment, and starts nothing anew for what changes all the time', async () => {
    const lit = (point: string) => served.rowOf(point).locator('.lit');
    await served.rowOf('setpoint').waitFor();
    // The light is on for a moment only, and may be over before one looks.
    await page.evaluate(`
      globalThis.hasBeenLit = new Set();
      new MutationObserver((records) => {
        for (const { target } of records)
          if (target.matches('.lit')) hasBeenLit.add(target.closest('tr')?.querySelector('.name')?.textContent);
      }).observe(document.querySelector('main'), { subtree: true, attributeFilter: ['class'] });
    `);
    await served.write(0, 712);
    // The page's policy lets no text become a function that waits there.
    await expect.poll(() => page.evaluate("hasBeenLit.has('setpoint')"), { timeout: 30_000 }).toBe(true);
    await lit('setpoint').waitFor({ state: 'detached' });
    await lit('flow').waitFor();
    await page.evaluate("globalThis.light = document.querySelector('.lit')");
    const before = await lit('flow').textContent();
    await lit('flow')
      .filter({ hasNotText: before ?? '' })
      .waitFor();
    expect(await page.evaluate('globalThis.light.isConnected')).toBe(true);
  });

  test('writes a value that a foreign client reads', async () => {
    await served.valueOf('setpoint').click();
    await page.getByLabel('New value of setpoint').fill('41.5');
    await page.keyboard.press('Enter');
    await served.rowOf('setpoint').getByText('41.5 °C').waitFor();
    expect(await served.read(0)).toBe('415');
    await served.rowOf('setpoint').getByText('by api').filter({ visible: true }).waitFor();
  });

  test('writes labels and bits', async () => {
    await served.valueOf('mode').click();
    await page.getByLabel('New value of mode').selectOption('auto');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('button', { name: 'mode: auto, edit' }).waitFor();
    await served.valueOf('alarms').click();
    await page.getByLabel('no flow').check({ force: true });
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await served.rowOf('alarms').getByRole('button', { name: 'no flow' }).waitFor();
    expect([await served.read(1), await served.read(2)]).toEqual(['1', '2']);
  });

  test('says what may be written, and why something is not', async () => {
    await served.valueOf('setpoint').click();
    await page.getByText('int16 in steps of 0.1, 30 to 80 °C').waitFor();
    await page.getByLabel('New value of setpoint').fill('99');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('80').waitFor();
    await page.keyboard.press('Escape');
    await served.rowOf('setpoint').getByRole('button', { name: 'edit' }).waitFor();
    // The browser itself reports the status.
    expect(served.open.complaints.splice(0).every((text) => text.includes('422'))).toBe(true);
  });
});

describe('a table', () => {
  const cell = (text: string) => page.getByRole('gridcell', { name: text, exact: true });

  async function lookUp(address: string): Promise<void> {
    await page.getByLabel('Go to an address').fill(address);
    await page.keyboard.press('Enter');
  }

  test('goes to an address in any notation, and writes it by keyboard alone', async () => {
    await served.goTo('units/1/holding');
    await lookUp('40211');
    await page.getByText('holding 210 (40211)').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('New value').fill('0x1F');
    await page.keyboard.press('Enter');
    await cell('0x001F').waitFor();
    expect(await served.read(210)).toBe('31');
  });

  test('shows what a client writes in all formats that are chosen', async () => {
    await served.goTo('units/1/holding');
    await page.getByLabel('Binary').check({ force: true });
    await lookUp('220');
    await served.write(220, 0xfffe);
    for (const text of ['0xFFFE', '65534', '-2', '1111 1111 1111 1110']) await cell(text).waitFor();
  });

  test('goes to other tables, and to points', async () => {
    await served.goTo('units/1/holding');
    await lookUp('30001');
    await page.getByRole('grid', { name: 'Input registers' }).waitFor();
    await page.getByText('input 0 (30001)').waitFor();
    for (const [address, place] of [
      ['setpoint', 'holding 0 (40001)'],
      ['%MW201', 'holding 201 (40202)'],
      ['4x0203', 'holding 202 (40203)'],
      ['hr 203', 'holding 203 (40204)'],
      ['0CCh', 'holding 204 (40205)'],
      ['coil 0', 'coil 0 (00001)'],
    ] as const) {
      await lookUp(address);
      await page.getByText(place, { exact: true }).waitFor();
    }
  });

  test('shows and writes numbers of several registers in all byte orders', async () => {
    await served.goTo('units/1/holding');
    const column = (name: string) => page.getByLabel(name, { exact: true });
    for (const name of ['Hex', 'Decimal', 'Signed']) await column(name).uncheck({ force: true });
    for (const name of ['Int32', 'Uint64', 'CDAB', 'DCBA']) await column(name).check({ force: true });
    await lookUp('230');
    await page.getByText('holding 230 (40231)').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByLabel('New value', { exact: true }).fill('0x1122334455667788');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '230 40231' }) });
    await row.getByText('1234605616436508552').waitFor();
    expect(await Promise.all([230, 231, 232, 233].map((address) => served.read(address)))).toEqual(
      [0x8877, 0x6655, 0x4433, 0x2211].map(String),
    );
    for (const value of [0x88776655, 0x66558877, 0x55667788].map((word) => String(word | 0))) {
      await row.getByText(value, { exact: true }).waitFor();
    }
  });

  test('has 65,536 addresses, of which it renders those that can be seen', async () => {
    await served.goTo('units/2');
    await lookUp('0xFFFF');
    await page.getByRole('rowheader', { name: '65535 465536' }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(200);
  });

  test('says what it does not understand', async () => {
    await served.goTo('units/1/holding');
    for (const address of ['40000', '70000', '%QX7.1', 'hr 99999', 'nothing']) {
      await lookUp(address);
      await page.getByText(new RegExp(`^${address} is `)).waitFor();
    }
    await lookUp('150');
    await page.getByText('not in memory').first().waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Enter');
    await page.getByLabel('New value').fill('red');
    await page.keyboard.press('Enter');
    await page.getByText('"red" cannot be written as Hex: expected hexadecimal digits').waitFor();
  });
});

test('the clients are listed, and can be disconnected', async () => {
  const socket = connect(served.busbar.port, '127.0.0.1').on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('connect', resolve));
  await served.goTo('clients');
  await page.getByRole('button', { name: `Disconnect 127.0.0.1:${socket.localPort}` }).click();
  await closed;
});

test('the console is asked for a token, and says that it can only read', async () => {
  const http = { port: 0, token: 'may-read-and-write', readToken: 'may-only-read-it' };
  const guarded = await startBusbar({ ...DEVICE, http });
  try {
    await page.goto(`${guarded.url}#/units/1`);
    await page.getByLabel('Token').fill('may-read-and-wrote');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('the token is not that of the config').waitFor();
    await page.getByLabel('Token').fill(http.readToken);
    await page.keyboard.press('Enter');
    await page.getByText('This token can only read').waitFor();
    await served.rowOf('setpoint').waitFor();
    expect(await served.valueOf('setpoint').count()).toBe(0);
    // 401, and the other address.
    await page.goto('about:blank');
    served.open.complaints.length = 0;
  } finally {
    await guarded.stop();
  }
});

describe('the overview', () => {
  test('says that values are kept', async () => {
    const keeping = await startBusbar({ ...DEVICE, keep: { in: './state', mode: 'durable' } });
    onTestFinished(async () => void (await keeping.stop()));
    await page.goto(`${keeping.url}#/`);
    await page.getByText('Values of 3 units are kept in ./state, a write is answered when it is on disk.').waitFor();
    // The other address.
    await page.goto('about:blank');
    served.open.complaints.length = 0;
  });

  test('says with whom values are shared, and when Redis is away', async () => {
    const redis = await RedisServer.start();
    onTestFinished(() => redis.stop());
    const share = { redis: redis.url, image: 'plant', commandTimeout: '1s' };
    const sharing = await startBusbar({ ...DEVICE, share });
    onTestFinished(async () => void (await sharing.stop()));
    await page.goto(`${sharing.url}#/`);
    const shared = page.getByText(`Values of 3 units are shared as plant over ${redis.url}`);
    await shared.waitFor();
    await page.getByText('this server moves the points of all of them').waitFor();
    redis.pause();
    await page.getByText('Values are not shared:').waitFor();
    redis.resume();
    await shared.waitFor();
    await page.goto('about:blank');
    served.open.complaints.length = 0;
  });
});

test('the console finds a server again that was restarted', async () => {
  await served.goTo('units/1');
  await served.rowOf('setpoint').waitFor();
  const { port } = new URL(served.busbar.url ?? '');
  await served.busbar.stop();
  await page.getByText('The server cannot be reached: reconnecting').waitFor();
  await served.goTo('traffic');
  await page.getByText('This could not be loaded').waitFor();
  served.busbar = await startBusbar({
    ...DEVICE,
    http: { port: Number(port) },
    listen: [{ type: 'tcp', host: '127.0.0.1', port: served.busbar.port }],
  });
  await page.getByText('No requests yet').waitFor();
  await page.getByText('cannot be reached').waitFor({ state: 'detached' });
  await served.goTo('units/1');
  await served.write(0, 555);
  await served.rowOf('setpoint').getByText('55.5 °C').waitFor();
  // The browser itself reports the attempts.
  expect(served.open.complaints.splice(0).filter((text) => !text.includes('ERR_'))).toEqual([]);
});

describe('the first page', () => {
  test('asks for all that it needs at once, and for one stream of events', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url().replace(served.busbar.url ?? '', '')));
    const points = page.waitForRequest('**/api/v1/units/1/points');
    await page.route('**/api/v1/units/1', async (route) => {
      await points;
      await route.continue();
    });
    await page.goto('about:blank');
    await served.goTo('units/1');
    await served.rowOf('setpoint').waitFor();
    await served.write(0, 703);
    await served.rowOf('setpoint').getByText('70.3 °C').waitFor();
    expect(asked.filter((path) => path.startsWith('api/v1/events'))).toHaveLength(1);
  });

  test('has less than 80 kB in all, as it is sent', async () => {
    const folder = join(root, 'packages/cli/dist/console');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
    const sizes = files.map((file) => sizeOf(`${served.busbar.url}${file}`));
    expect((await Promise.all(sizes)).reduce((sum, size) => sum + size)).toBeLessThan(80_000);
  });

  /** Bytes of a file, as they are sent to a browser. */
  async function sizeOf(url: string): Promise<number> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers: { 'Accept-Encoding': 'gzip, deflate, br' } }, resolve).on('error', reject);
    });
    expect(response.statusCode).toBe(200);
    return Buffer.concat(await response.toArray()).length;
  }
});
