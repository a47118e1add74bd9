// @ts-check
/**
 * Pictures of ten views of a site, for docs/dashboard: `node checks/dashboard/screenshots.js SITE [--out DIR]`. SITE is a folder that
 * `sweepline dashboard build` has written of all of InferenceX's public results. Needs Chromium: `SWEEPLINE_CHROMIUM`, or /usr/bin/chromium.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startBrowser } from '../browser.js';

const ROOT = join(import.meta.dirname, '../..');
/** Name, address, and what is not usual of it. @type {readonly (readonly [string, string, { width?: number, dark?: boolean, point?: boolean }?])[]} */
const VIEWS = [
  ['fronts', '/fronts'],
  ['fronts-dark', '/fronts?y=usd_per_m_total&logy=1', { dark: true }],
  ['fronts-narrow', '/fronts', { width: 390 }],
  ['point', '/fronts', { point: true }],
  ['compare', '/compare'],
  ['history', '/history'],
  ['calculator', '/calculator'],
  ['reliability', '/reliability'],
  ['hardware', '/hardware'],
  ['definitions', '/definitions', { width: 1024 }],
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(ROOT, 'docs/dashboard') } },
});
const [site] = positionals;
if (site === undefined) throw new Error('name the folder of a site');
const index = pathToFileURL(join(resolve(site), 'index.html')).href;
await mkdir(values.out, { recursive: true });

const browser = await startBrowser();
try {
  for (const [name, place, { width = 1440, dark = false, point = false } = {}] of VIEWS) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
    });
    const page = await context.newPage();
    await page.goto(`${index}#${place}`);
    await page.locator('main h2').first().waitFor();
    if (point) {
      await page.getByRole('application').focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'How it ended' }).waitFor();
    }
    await page.locator('[role=status]', { hasText: 'Loading' }).first().waitFor({ state: 'detached' });
    await page.screenshot({ path: join(values.out, `${name}.png`) });
    console.log(`${name}.png`);
    await context.close();
  }
} finally {
  await browser.close();
}
