import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { serveConsole } from './helpers/console.js';
import { exchange, frame } from './helpers/wire.js';

// What the console knows of the traffic, and what it makes go wrong.

const served = serveConsole();
let page: Page;
beforeEach(() => {
  ({ page } = served);
});

/** What is said of a request; its PDU; rows of its fields, and of those of its reply. */
const MESSAGES: readonly (readonly [said: string, pdu: string, ...fields: string[]])[] = [
  ['Read coils', '0100000001', 'Starting address 00 00 0 (00001)', 'Quantity 00 01 1', 'Bits 00 0'],
  ['Write single coil', '050000FF00', 'Value FF 00 on', 'Address 00 00 0 (00001)'],
  ['Write single register', '0600D0FFFE', 'Value FF FE 65534 (0xFFFE, signed -2)'],
  ['Diagnostics', '080000A5A5', 'Sub-function 00 00 0: return query data', 'Data A5 A5 42405'],
  ['Get comm event counter', '0B', 'Status 00 00 ready', 'Event count'],
  ['Report server id', '11', 'Byte count 05 5', 'Server id 11 FF 42 2D 31 "··B-1"'],
  ['Write multiple coils', '0F000000010101', 'Coils 01 1', 'Byte count 01 1'],
  ['Read holding registers 200..224', '0300C80019', 'Registers 200..207 00 00', 'Registers 224..224 00 00 0'],
  ['Write multiple registers', '1000D200020400010002', 'Registers 00 01 00 02 1, 2', 'Quantity 00 02 2'],
  ['Read file record', '140706000400000002', 'Group 1: file number 00 04 4', 'Group 1: registers 02 BC 02 8A 700, 650'],
  ['Write file record', '15090600040001000102BC', 'Group 1: record length 00 01 1', 'Group 1: registers 02 BC 700'],
  ['Mask write register', '1600D400F20025', 'AND mask 00 F2 0x00F2', 'OR mask 00 25 0x0025'],
  [
    'Read/write multiple registers',
    '1700C8000200D6000102000B',
    'Write starting address 00 D6 214 (40215)',
    'Registers to write 00 0B 11',
    'Registers 00 00 00 00 0, 0',
  ],
  [
    'Read FIFO queue',
    '1800C8',
    'FIFO pointer address 00 C8 200 (40201)',
    'FIFO count 00 02 2',
    'Registers 00 11 00 03 17, 3',
  ],
  [
    'Read device identification',
    '2B0E0100',
    'Read device id code 01 1: basic',
    'Conformity level 81 basic, as a stream and one by one',
    'Object 2: id 01 1: product code',
    'Object 2: value 42 2D 31 "B-1"',
  ],
  [
    'Read holding registers',
    '0300960001',
    'Function code 83 3 with the exception bit',
    'Exception code 02 2: illegal data address',
  ],
  ['Function 0x63', '6301', 'Data 01', 'Exception code 01 1: illegal function'],
];

describe('the traffic', () => {
  beforeEach(() => served.goTo('traffic'));

  test('shows a request, and its bytes with their names', async () => {
    await served.mbpoll('-r', '200', '-c', '3', '127.0.0.1');
    await page.getByRole('button', { name: '200..202' }).first().click();
    await page.getByRole('row', { name: 'Starting address 00 C8 200' }).waitFor();
    await page.getByRole('row', { name: 'Byte count 06 6' }).waitFor();
  });

  test.each(MESSAGES)('names the fields of %s', async (said, pdu, ...fields) => {
    await exchange(served.busbar.port, [frame(pdu, 1)]);
    await page.getByLabel('Search requests').fill(pdu);
    const request = page.getByRole('button', { name: said });
    await request.first().click();
    for (const name of fields) await page.getByRole('row', { name }).first().waitFor();
    await request.first().click();
  });

  test('holds still while a request is read', async () => {
    await exchange(served.busbar.port, [frame('0300C90001', 1)]);
    const request = page.getByRole('button', { name: ' 201 ' }).first();
    await request.click();
    await exchange(served.busbar.port, [frame('0300CB0001', 2)]);
    await page.getByText('held while a request is open, 1 new').waitFor();
    // By a key: a click is lost where what it hits moves while the mouse is down.
    await request.press('Enter');
    await page.getByText('held while a request is open').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: ' 203 ' }).first().waitFor();
  });

  test('filters, pauses and is saved', async () => {
    await served.write(205, 1);
    await served.write(0, 999);
    await page.getByLabel('Only exceptions').check({ force: true });
    await page.getByRole('button', { name: 'exception 03' }).first().waitFor();
    expect(await page.getByRole('button', { name: '205' }).count()).toBe(0);
    await page.getByLabel('Only exceptions').uncheck({ force: true });
    await page.getByRole('button', { name: 'Pause' }).click();
    await served.write(206, 1);
    await page.getByText(/paused, \d+ new/).waitFor();
    for (const [button, begin] of [
      ['CSV', /^time,listener,client,.*\r\n[^,]+,'@plant,127/],
      ['pcapng', /^\n\r\r\n/],
    ] as const) {
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      expect(readFileSync(await saved.path(), 'latin1')).toMatch(begin);
    }
  });
});

/** A kind; what is written into its fields; what the config would have. */
const KINDS: readonly (readonly [kind: string, fields: Record<string, string>, setting: Record<string, unknown>])[] = [
  ['Exception', { 'Exception code': '4' }, { exception: 4 }],
  ['Late reply', { Delay: '200ms..800ms' }, { delay: '200ms..800ms' }],
  ['No reply', {}, { silence: true }],
  ['Connection closed', {}, { close: 'before' }],
  ['New connections refused', {}, { refuse: true }],
  ['Reply cut short', { 'Missing bytes': '3' }, { truncate: 3 }],
  ['Extra bytes behind', { 'Bytes behind': 'FF 00' }, { extra: 'FF 00' }],
  ['Rubbish ahead', { 'Bytes ahead': '5' }, { garbage: 5 }],
  ['Reply in two parts', { Pause: '50ms', 'First bytes': '3' }, { split: { after: 3, pause: '50ms' } }],
  ['Reply twice', {}, { duplicate: true }],
  ['Reply of before', {}, { stale: true }],
  ['Bad checksum', {}, { badChecksum: true }],
  ['Wrong function code', {}, { wrongFunction: true }],
  ['Wrong unit id', { 'Unit id': '247' }, { wrongUnit: 247 }],
  ['Wrong transaction id', {}, { wrongTransaction: true }],
];

const CONDITIONS = {
  'Unit ids': '1, 2',
  'Function codes': '3 23',
  Clients: '127.0.0.0/8, ::1',
  'One in': '3',
  Share: '0.5',
  'Off after hits': '7',
  'Switch off after': '10s',
};

describe('faults and simulation', () => {
  beforeEach(() => served.goTo('faults'));

  test('a fault that is added hits a foreign client, until it is switched off', async () => {
    await page.getByLabel('Name').fill('busy');
    await page.getByLabel('Exception code').fill('6');
    await page.getByLabel('Function codes').fill('3');
    await page.getByRole('button', { name: 'Add and switch on' }).click();
    const fault = page.getByRole('switch', { name: 'busy' });
    await fault.waitFor();
    expect(await served.mbpoll('-r', '0', '127.0.0.1')).toContain('busy');
    await page.getByText('1 hit').waitFor();
    await served.goTo('');
    await page.getByText('1 fault on:').waitFor();
    await served.goTo('faults');
    await fault.click();
    await page.getByRole('switch', { name: 'busy', checked: false }).waitFor();
    expect(await served.read(200)).toBe('0');
    await page.getByRole('button', { name: 'Remove busy' }).click();
    await page.getByText('There are no faults').waitFor();
  });

  test('the form makes all kinds of faults, for all that they can be for', async () => {
    for (const [kind, fields, setting] of KINDS) {
      const [key = ''] = Object.keys(setting);
      await page.getByLabel('Name').fill(key);
      await page.getByLabel('Effect').selectOption(kind);
      for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
      await page.getByLabel('On at once').uncheck();
      await page.getByRole('button', { name: 'Add, switched off' }).click();
      await page.getByRole('switch', { name: key, exact: true, checked: false }).waitFor();
    }
    await page.getByLabel('Name').fill('all of it');
    for (const [label, text] of Object.entries(CONDITIONS)) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByLabel('Effect').selectOption('Connection closed');
    await page.getByLabel('When').selectOption('amid');
    await page.getByRole('button', { name: 'Add another effect' }).click();
    await page.getByLabel('Effect').last().selectOption('No reply');
    await page.getByLabel('Table').selectOption('Holding registers');
    await page.getByLabel('First address').fill('0x10');
    await page.getByLabel('Addresses', { exact: true }).fill('4');
    await page.getByLabel('Listener').selectOption({ index: 1 });
    await page.getByLabel('On at once').uncheck();
    await page.getByRole('button', { name: 'Add, switched off' }).click();
    await page.getByRole('switch', { name: 'all of it' }).waitFor();
    const faults = await served.api<{ name: string }[]>('/faults');
    expect(faults).toEqual([
      ...KINDS.map(([, , setting]) => ({ name: Object.keys(setting)[0], active: false, hits: 0, ...setting })),
      {
        ...{
          name: 'all of it',
          active: false,
          hits: 0,
          close: 'amid',
          silence: true,
          unit: [1, 2],
          functions: [3, 23],
        },
        ...{ table: 'holdingRegisters', start: 16, count: 4, peer: ['127.0.0.0/8', '::1'], listener: 1 },
        ...{ every: 3, probability: 0.5, times: 7, for: '10s' },
      },
    ]);
    for (const { name } of faults) await page.getByRole('button', { name: `Remove ${name}`, exact: true }).click();
    await page.getByText('There are no faults').waitFor();
  });

  test('the form shows which requests a fault would be for, and what the server says of it', async () => {
    await exchange(served.busbar.port, [frame('1700DC000100D2000102000B', 1)]);
    const preview = page.getByRole('status').filter({ hasText: 'of the last' });
    await page.getByLabel('Function codes').fill('23');
    await page.getByLabel('Table').selectOption('Holding registers');
    // Function 23 also writes, and that is seen.
    await page.getByLabel('First address').fill('210');
    await preview.getByText(/for function 23, holding registers, address 210/).waitFor();
    await preview.getByText(/such as: unit 1, read\/write multiple registers/).waitFor();
    await page.getByLabel('Clients', { exact: true }).fill('10.0.0.0/8');
    await preview.getByText(/It matches 0 of the last/).waitFor();
    await page.getByLabel('Clients', { exact: true }).fill('127.0.0.0/8');
    await preview.getByText(/such as/).waitFor();
    await page.getByLabel('Name').fill('busy');
    await page.getByLabel('Exception code').fill('300');
    await page.getByRole('button', { name: 'Add and switch on' }).click();
    await page.getByRole('alert').getByText('exception').waitFor();
    // The browser itself reports the status.
    expect(served.open.complaints.splice(0).filter((text) => !text.includes('status of 4'))).toEqual([]);
  });

  test('the simulation is paused, stepped and goes on; a scenario runs', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused, moves 1 point').waitFor();
    await page.getByRole('button', { name: 'Run sweep' }).click();
    await page.getByRole('button', { name: 'Step forward' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running, moves 1 point').waitFor();
    expect(await served.read(0)).toBe('800');
  });
});

test('trends keep the values of a point from the moment it is pinned, and its pin after loading again', async () => {
  await served.goTo('units/1');
  await page.getByRole('button', { name: 'Trend of flow' }).click();
  const value = served.valueOf('flow');
  for (let change = 0; change < 3; change++) {
    await value.filter({ hasNotText: (await value.textContent()) ?? '' }).waitFor();
  }
  await served.goTo('trends');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  expect(readFileSync(await saved.path(), 'utf8').match(/flow/g)?.length).toBeGreaterThan(3);
  await page.reload();
  await page.getByText(/^[\d.]+ °C$/).waitFor();
  await page.getByRole('button', { name: 'Remove flow' }).click();
  await page.getByText('No point is pinned').waitFor();
});

test('trends draw points that are picked, and are saved', async () => {
  await served.goTo('trends');
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

describe('a plot', () => {
  const shown = () => page.locator('.plot').getByRole('status');

  /** Seconds of the part that is held, and the time at its end. */
  async function held(): Promise<{ seconds: number; end: string }> {
    const text = (await shown().filter({ hasText: 'Held' }).textContent()) ?? '';
    const [from = '', end = ''] = text.match(/[\d:.]{8,}/g) ?? [];
    const [first, last] = [from, end].map((time) => Date.parse(`2000-01-01T${time}Z`)) as [number, number];
    return { seconds: ((last - first + 86_400_000) % 86_400_000) / 1000, end };
  }

  const placeOf = async (element: string) => (await page.locator(element).boundingBox()) ?? { x: 0, y: 0, width: 0 };

  beforeEach(async () => {
    await served.goTo('trends');
    await page.getByRole('button', { name: 'flow' }).click();
    await page.locator('.plot canvas').waitFor();
    await shown().getByText('Follows what comes').waitFor();
    // With the first value comes the axis beside it, and all moves.
    await expect
      .poll(async () => (await placeOf('.u-over')).x - (await placeOf('.uplot')).x, { timeout: 30_000 })
      .toBeGreaterThan(60);
  });

  test('is zoomed and moved by keys', async () => {
    await page.getByRole('application', { name: 'Values over time of flow' }).focus();
    await page.keyboard.press('+');
    expect((await held()).seconds).toBeCloseTo(30, -0.5);
    await page.keyboard.press('+');
    const first = await held();
    expect(first.seconds).toBeCloseTo(15, -0.5);
    await page.keyboard.press('ArrowLeft');
    const second = await held();
    expect(second.end).not.toBe(first.end);
    await page.keyboard.press('ArrowRight');
    expect((await held()).end).toBe(first.end);
    await page.keyboard.press('-');
    expect((await held()).seconds).toBeCloseTo(30, -0.5);
    for (const key of ['0', 'Escape']) {
      await page.keyboard.press(key);
      await shown().getByText('Follows what comes').waitFor();
      await page.keyboard.press('+');
      await shown().getByText('Held').waitFor();
    }
  });

  test('is zoomed and moved by buttons, and says so', async () => {
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    expect(await button('Follow').isDisabled()).toBe(true);
    await button('Zoom in').click();
    const before = await held();
    await button('Earlier').click();
    expect((await held()).end).not.toBe(before.end);
    await button('Later').click();
    expect((await held()).end).toBe(before.end);
    await button('Zoom out').click();
    await button('Follow').click();
    await shown().getByText('Follows what comes').waitFor();
  });

  test('is zoomed by dragging, and follows again after a double click', async () => {
    const { x, y, width } = await placeOf('.u-over');
    await page.mouse.move(x + width * 0.25, y + 50);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.75, y + 60, { steps: 4 });
    await page.mouse.up();
    expect((await held()).seconds).toBeCloseTo(30, -0.5);
    await page.locator('.u-over').dblclick();
    await shown().getByText('Follows what comes').waitFor();
  });

  test('is zoomed and moved by fingers', async () => {
    const { x, y, width } = await placeOf('.u-over');
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: places.map((place, id) => ({ id, x: x + width * place, y: y + 50 })),
      });
    await touch('touchStart', 0.4, 0.6);
    for (const step of [0.1, 0.2]) await touch('touchMove', 0.4 - step, 0.6 + step);
    await touch('touchEnd');
    const pinched = await held();
    expect(pinched.seconds).toBeCloseTo(20, -0.5);
    await touch('touchStart', 0.4);
    for (const step of [0.1, 0.2]) await touch('touchMove', 0.4 + step);
    await touch('touchEnd');
    const dragged = await held();
    expect(dragged.end < pinched.end).toBe(true);
    expect(dragged.seconds).toBeCloseTo(pinched.seconds, -0.5);
  });
});
