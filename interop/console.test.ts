import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBrowser, type Visit, visit } from './helpers/browser.js';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { root } from './helpers/document.js';
import { run } from './helpers/process.js';

// The console in a real browser, with a foreign client at the other end.

const DEVICE = {
  simulation: { speed: 60 },
  listen: [{ type: 'tcp', host: '127.0.0.1', port: 0 }],
  http: { port: 0 },
  units: [
    {
      id: 1,
      name: 'boiler',
      points: {
        flow: {
          at: 'input 0',
          type: 'int16',
          scale: 0.1,
          unit: '°C',
          simulate: { sine: { from: 40, to: 60, period: '1m' } },
        },
        setpoint: { at: 'holding 0', type: 'int16', scale: 0.1, unit: '°C', min: 30, max: 80, value: 65 },
        mode: { at: 'holding 1', labels: { 0: 'off', 1: 'auto' } },
        alarms: { at: 'holding 2', type: 'bits', labels: { 0: 'overheated', 1: 'no flow' } },
        heating: { at: 'coil 0' },
        aNameThatIsLongerThanAnyScreenOfATelephoneIsWideAndThatHasNoSpaceWhereItCouldBreak: { at: 'holding 3' },
      },
      holdingRegisters: [{ start: 200, count: 50 }],
      scenarios: { sweep: [{ set: { setpoint: 80 } }] },
    },
    { id: 2, holdingRegisters: [{ start: 0, count: 65536 }] },
  ],
};

let busbar: RunningBusbar;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  [busbar, browser] = await Promise.all([startBusbar(DEVICE), openBrowser()]);
});
afterAll(() => Promise.all([browser?.close(), busbar?.stop()]));

beforeEach(async () => {
  open = await visit(browser, busbar.url ?? '', { acceptDownloads: true });
  page = open.page;
});
afterEach(async () => {
  await page.context().close();
  expect(open.complaints).toEqual([]);
});

async function goTo(path: string): Promise<void> {
  await page.goto(`${busbar.url}#/${path}`);
}

/** What mbpoll says, which may be an exception. */
async function mbpoll(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('mbpoll', ['-0', '-1', '-t', '4', '-p', String(busbar.port), ...args]);
  return stdout + stderr;
}

async function read(address: number): Promise<string | undefined> {
  const said = await mbpoll('-r', String(address), '127.0.0.1');
  return /^\[\d+\]:\s+(\S+)/m.exec(said)?.[1];
}

function write(address: number, value: number): Promise<string> {
  return mbpoll('-r', String(address), '127.0.0.1', String(value));
}

/** The row of a point. */
function rowOf(point: string) {
  return page.getByRole('row').filter({ has: page.getByText(point, { exact: true }) });
}

async function edit(point: string): Promise<void> {
  await rowOf(point).getByRole('button').click();
}

describe('a unit', () => {
  beforeEach(() => goTo('units/1'));

  test('shows what a foreign client writes, and who it was', async () => {
    await rowOf('setpoint').waitFor();
    await write(0, 702);
    await rowOf('setpoint').getByText('70.2 °C').waitFor();
    await rowOf('setpoint').getByText('by 127.0.0.1').filter({ visible: true }).waitFor();
    await rowOf('setpoint').getByText('0x02BE').waitFor();
  });

  test('shows values that move by themselves', async () => {
    const value = rowOf('flow').getByRole('button');
    const before = await value.textContent();
    await value.filter({ hasNotText: before ?? '' }).waitFor();
  });

  test('lights up what changes for a moment, and starts nothing anew for what changes all the time', async () => {
    const lit = (point: string) => rowOf(point).locator('.lit');
    await rowOf('setpoint').waitFor();
    await write(0, 712);
    await lit('setpoint').waitFor();
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
    await edit('setpoint');
    await page.getByLabel('New value of setpoint').fill('41.5');
    await page.keyboard.press('Enter');
    await rowOf('setpoint').getByText('41.5 °C').waitFor();
    expect(await read(0)).toBe('415');
    await rowOf('setpoint').getByText('by api').filter({ visible: true }).waitFor();
  });

  test('writes labels and bits', async () => {
    await edit('mode');
    await page.getByLabel('New value of mode').selectOption('auto');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await rowOf('mode').getByText('auto').waitFor();
    await edit('alarms');
    await page.getByLabel('no flow').check({ force: true });
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await rowOf('alarms').getByRole('button', { name: 'no flow' }).waitFor();
    expect([await read(1), await read(2)]).toEqual(['1', '2']);
  });

  test('says what may be written, and why something is not', async () => {
    await edit('setpoint');
    await page.getByText('int16 in steps of 0.1, 30 to 80 °C').waitFor();
    await page.getByLabel('New value of setpoint').fill('99');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('80').waitFor();
    await page.keyboard.press('Escape');
    await rowOf('setpoint').getByRole('button', { name: 'edit' }).waitFor();
    // The browser itself reports the status.
    expect(open.complaints.splice(0).every((text) => text.includes('422'))).toBe(true);
  });
});

describe('a table', () => {
  const cell = (text: string) => page.getByRole('gridcell', { name: text, exact: true });

  async function lookUp(address: string): Promise<void> {
    await page.getByLabel('Go to an address').fill(address);
    await page.keyboard.press('Enter');
  }

  test('goes to an address in any notation, and writes it by keyboard alone', async () => {
    await goTo('units/1/holding');
    await lookUp('40211');
    await page.getByText('holding 210 (40211)').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('New value').fill('0x1F');
    await page.keyboard.press('Enter');
    await cell('0x001F').waitFor();
    expect(await read(210)).toBe('31');
  });

  test('shows what a client writes in all formats that are chosen', async () => {
    await goTo('units/1/holding');
    await page.getByLabel('Binary').check({ force: true });
    await lookUp('220');
    await write(220, 0xfffe);
    for (const text of ['0xFFFE', '65534', '-2', '1111 1111 1111 1110']) await cell(text).waitFor();
  });

  test('has 65,536 addresses, of which it renders those that can be seen', async () => {
    await goTo('units/2');
    await lookUp('0xFFFF');
    await page.getByRole('rowheader', { name: '65535 465536' }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(200);
  });

  test('says what it does not understand', async () => {
    await goTo('units/1/holding');
    await lookUp('30001');
    await page.getByText('30001 is not in the table of holding registers').waitFor();
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

describe('the traffic', () => {
  beforeEach(() => goTo('traffic'));

  test('shows a request, and its bytes with their names', async () => {
    await mbpoll('-r', '200', '-c', '3', '127.0.0.1');
    await page.getByRole('button', { name: '200..202' }).first().click();
    await page.getByRole('row', { name: 'Starting address 00 C8 200' }).waitFor();
    await page.getByRole('row', { name: 'Byte count 06 6' }).waitFor();
  });

  test('filters, pauses and is saved', async () => {
    await write(205, 1);
    await write(0, 999);
    await page.getByLabel('Only exceptions').check({ force: true });
    await page.getByRole('button', { name: 'exception 03' }).first().waitFor();
    expect(await page.getByRole('button', { name: '205' }).count()).toBe(0);
    await page.getByLabel('Only exceptions').uncheck({ force: true });
    await page.getByRole('button', { name: 'Pause' }).click();
    await write(206, 1);
    await page.getByText(/paused, \d+ new/).waitFor();
    for (const [button, begin] of [
      ['CSV', 'time,listener,client'],
      ['pcapng', '\n\r\r\n'],
    ] as const) {
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      expect(readFileSync(await saved.path(), 'latin1').startsWith(begin)).toBe(true);
    }
  });
});

test('the clients are listed, and can be disconnected', async () => {
  const socket = connect(busbar.port, '127.0.0.1').on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('connect', resolve));
  await goTo('clients');
  await page.getByRole('button', { name: `Disconnect 127.0.0.1:${socket.localPort}` }).click();
  await closed;
});

describe('faults and simulation', () => {
  beforeEach(() => goTo('faults'));

  test('a fault that is added hits a foreign client, until it is switched off', async () => {
    await page.getByLabel('Name').fill('busy');
    await page.getByLabel('Exception code').fill('6');
    await page.getByLabel('Function codes').fill('3');
    await page.getByRole('button', { name: 'Add and switch on' }).click();
    const fault = page.getByRole('switch', { name: 'busy' });
    await fault.waitFor();
    expect(await mbpoll('-r', '0', '127.0.0.1')).toContain('busy');
    await page.getByText('1 hit').waitFor();
    await goTo('');
    await page.getByText('1 fault on:').waitFor();
    await goTo('faults');
    await fault.click();
    await page.getByRole('switch', { name: 'busy', checked: false }).waitFor();
    expect(await read(200)).toBe('0');
    await page.getByRole('button', { name: 'Remove busy' }).click();
    await page.getByText('There are no faults').waitFor();
  });

  test('the simulation is paused, stepped and goes on; a scenario runs', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused, moves 1 point').waitFor();
    await page.getByRole('button', { name: 'Run sweep' }).click();
    await page.getByRole('button', { name: 'Step forward' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running, moves 1 point').waitFor();
    expect(await read(0)).toBe('800');
  });
});

test('trends draw points that are picked, and are saved', async () => {
  await goTo('trends');
  await page.getByRole('button', { name: 'flow' }).click();
  await page.locator('canvas').waitFor();
  await page.getByText(/^[\d.]+ °C$/).waitFor();
  for (const [button, begin] of [
    ['CSV', 'time,unit,point,value,measure'],
    ['PNG', '\x89PNG'],
  ] as const) {
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ]);
    expect(readFileSync(await saved.path(), 'latin1').startsWith(begin)).toBe(true);
  }
});

const PAGES = ['', 'units/1', 'units/1/holding', 'units/1/coils', 'traffic', 'trends', 'clients', 'faults'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each(PAGES)('the page /%s has nothing that axe-core objects to, at three widths', async (path) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await goTo(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(axe);
    for (const width of [380, 900, 1400]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('axe.run().then(({ violations }) => violations)'), `at ${width}`).toEqual([]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, `at ${width}`).toBeLessThanOrEqual(0);
    }
  });
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
    await rowOf('setpoint').waitFor();
    expect(await rowOf('setpoint').getByRole('button').count()).toBe(0);
    // 401, and the other address.
    await page.goto('about:blank');
    open.complaints.length = 0;
  } finally {
    await guarded.stop();
  }
});

test('the console finds a server again that was restarted', async () => {
  await goTo('units/1');
  await rowOf('setpoint').waitFor();
  const { port } = new URL(busbar.url ?? '');
  await busbar.stop();
  await page.getByText('The server cannot be reached: reconnecting').waitFor();
  busbar = await startBusbar({
    ...DEVICE,
    http: { port: Number(port) },
    listen: [{ type: 'tcp', host: '127.0.0.1', port: busbar.port }],
  });
  await page.getByText('The server cannot be reached').waitFor({ state: 'detached' });
  await write(0, 555);
  await rowOf('setpoint').getByText('55.5 °C').waitFor();
  // The browser itself reports the attempts.
  expect(open.complaints.splice(0).filter((text) => !text.includes('ERR_'))).toEqual([]);
});

test('the console has less than 150 kB in all, as it is sent', () => {
  const folder = join(root, 'packages/cli/dist/console');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
});
