// @ts-check
import { createRequire } from 'node:module';

const DASHBOARD = createRequire(new URL('../packages/dashboard/package.json', import.meta.url));
/** @type {typeof import('playwright-core')} */
const { chromium } = DASHBOARD('playwright-core');

/** Chromium: `SWEEPLINE_CHROMIUM`, or /usr/bin/chromium. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env['SWEEPLINE_CHROMIUM'] ?? '/usr/bin/chromium',
    // Root has no sandbox, and containers have a small /dev/shm.
    args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}
