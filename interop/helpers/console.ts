import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser, type Visit, visit } from './browser.js';
import { type RunningBusbar, startBusbar } from './busbar.js';
import { ONCE, run } from './process.js';

/** A device with a bit of everything that the console shows. */
export const DEVICE = {
  simulation: { speed: 60 },
  // The name would be a formula in a spreadsheet.
  listen: [{ type: 'tcp', host: '127.0.0.1', port: 0, name: '@plant' }],
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
        serialNo: { at: 'holding 10', type: 'string', length: 8, value: 'B-1234' },
        total: { at: 'holding 20', type: 'uint64' },
        aNameThatIsLongerThanAnyScreenOfATelephoneIsWideAndThatHasNoSpaceWhereItCouldBreak: { at: 'holding 3' },
      },
      holdingRegisters: [{ start: 200, count: 50 }],
      files: [{ number: 4, start: 0, values: [700, 650] }],
      fifos: [{ pointer: 200, values: [17, 3] }],
      serverId: { id: 17, running: true, additional: 'B-1' },
      identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '2.4' },
      scenarios: { sweep: [{ set: { setpoint: 80 } }] },
    },
    { id: 2, holdingRegisters: [{ start: 0, count: 65536 }] },
    {
      id: 3,
      name: 'rack',
      points: Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`slot${i}`, { at: `holding ${i}` }])),
    },
  ],
};

/** A running device, and its console in a browser, opened anew for each test. */
export class ServedConsole {
  busbar!: RunningBusbar;
  browser!: Browser;
  open!: Visit;

  get page(): Page {
    return this.open.page;
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.busbar.url}#/${path}`);
  }

  /** The row of a point. */
  rowOf(point: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByText(point, { exact: true }) });
  }

  /** The value of a point, which can be changed. */
  valueOf(point: string): Locator {
    return this.rowOf(point).getByRole('button', { name: /, edit$/ });
  }

  /** What mbpoll says, which may be an exception. */
  async mbpoll(...args: string[]): Promise<string> {
    const { stdout, stderr } = await run('mbpoll', [...ONCE, '-t', '4', '-p', String(this.busbar.port), ...args]);
    return stdout + stderr;
  }

  async read(address: number): Promise<string | undefined> {
    const said = await this.mbpoll('-r', String(address), '127.0.0.1');
    return /^\[\d+\]:\s+(\S+)/m.exec(said)?.[1];
  }

  write(address: number, value: number): Promise<string> {
    return this.mbpoll('-r', String(address), '127.0.0.1', String(value));
  }

  /** What the API answers. */
  async api<T>(path: string): Promise<T> {
    const response = await fetch(`${this.busbar.url}api/v1${path}`);
    return response.json() as Promise<T>;
  }
}

/** Serves a device for the tests of a file. No test may leave an error in its page. */
export function serveConsole(device: object = DEVICE): ServedConsole {
  const served = new ServedConsole();
  beforeAll(async () => {
    [served.busbar, served.browser] = await Promise.all([startBusbar(device), openBrowser()]);
  });
  afterAll(() => Promise.all([served.browser?.close(), served.busbar?.stop()]));
  beforeEach(async () => {
    served.open = await visit(served.browser, served.busbar.url ?? '', { acceptDownloads: true });
  });
  afterEach(async () => {
    await served.page.context().close();
    expect(served.open.complaints).toEqual([]);
  });
  return served;
}
