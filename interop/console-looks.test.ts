import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { startBusbar } from './helpers/busbar.js';
import { DEVICE, serveConsole } from './helpers/console.js';

// How the console looks to those who do not see it as its designers do: contrast, names, roles, narrow screens.

const served = serveConsole();
let page: Page;
beforeEach(() => {
  ({ page } = served);
});

const PAGES = ['', 'units/1', 'units/1/holding', 'units/1/coils', 'traffic', 'trends', 'clients', 'faults'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is not seen to its end: texts that are too long end with an ellipsis, which is none of these. */
const CLIPPED = `[...document.querySelectorAll('.box')]
  .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight).map(({ textContent }) => textContent)`;

/** Looks at the page in both themes and at three widths. */
async function judge(): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
    for (const width of [380, 900, 1400]) {
      const where = `${colorScheme}, ${width} pixels wide`;
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('axe.run().then(({ violations }) => violations)'), where).toEqual([]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, where).toBeLessThanOrEqual(0);
      expect(await page.evaluate(CLIPPED), where).toEqual([]);
    }
  }
}

describe('there is nothing that axe-core objects to, and nothing too wide', () => {
  test.each(PAGES)('on the page /%s', async (path) => {
    await served.goTo(path);
    await judge();
  });

  test('while a value is edited, and is refused', async () => {
    await served.goTo('units/1');
    await served.valueOf('setpoint').click();
    await page.getByLabel('New value of setpoint').fill('99');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await judge();
    served.open.complaints.length = 0;
  });

  test('while the server is gone', async () => {
    const gone = await startBusbar(DEVICE);
    await page.goto(`${gone.url}#/units/1`);
    await served.rowOf('setpoint').waitFor();
    await gone.stop();
    await page.getByText('The server cannot be reached: reconnecting').waitFor();
    await judge();
    await page.goto('about:blank');
    // The attempts, and the other address.
    served.open.complaints.length = 0;
  });

  test('with 247 units, long names, and nothing else', async () => {
    const units = Array.from({ length: 247 }, (_, i) => ({
      id: i + 1,
      name: `drive ${i + 1} of the line in the northern hall`,
      coils: [{ start: 0, count: 1 }],
    }));
    const many = await startBusbar({ ...DEVICE, units });
    try {
      await page.goto(`${many.url}`);
      await page.getByRole('cell', { name: '1..247' }).waitFor();
      await judge();
      await page.getByLabel('Find a unit').fill('drive 99 ');
      await page.getByRole('navigation').getByRole('link', { name: 'drive 99 of' }).click();
      await page.getByText('Unit id 99 · 0 points').waitFor();
      await judge();
      await page.goto('about:blank');
      // Those of the other address.
      served.open.complaints.length = 0;
    } finally {
      await many.stop();
    }
  });
});
