import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Where Debian and others put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine: `SWEEPLINE_CHROMIUM`, or an installed one. */
export function chromiumPath(): string | undefined {
  const named = process.env['SWEEPLINE_CHROMIUM'];
  return named === undefined ? PLACES.find((path) => existsSync(path)) : named;
}

/** Why tests that need a browser are skipped; undefined where there is one. */
export const NO_BROWSER =
  chromiumPath() === undefined
    ? 'there is no Chromium: install the package chromium, or name one in SWEEPLINE_CHROMIUM'
    : undefined;

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    // Root has no sandbox, and containers have a small /dev/shm.
    args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/** A tab, and all that went wrong in it: errors, messages about the policy, dialogs, requests to elsewhere. */
export interface Tab {
  readonly page: Page;
  readonly wrong: readonly string[];
}

export async function openTab(context: BrowserContext, allowed: string): Promise<Tab> {
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      wrong.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(allowed) && !/^(data|blob):/.test(url)) wrong.push(`request: ${url}`);
  });
  return { page, wrong };
}
