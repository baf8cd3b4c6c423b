import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's; playwright-core brings none. */
const CHROMIUM = '/usr/bin/chromium';

/** In containers, Chromium cannot make the sandbox that it wants. The pages are our own. */
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage'];

/** A page, and what it should not have. */
export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the page, and addresses outside of it that it has asked for. */
  readonly complaints: string[];
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** Opens an address in a context of its own: nothing is remembered of other visits. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}
