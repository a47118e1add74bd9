import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_BROWSER, openTab, startBrowser } from './browser.js';
import { csvRows } from './csv-rows.js';
import { makeSiteWorkspace } from '../built-site.js';
import { hostileRun, writeReport } from '../one-run.js';
import { writeDroppedFolder } from './dropped-folder.js';
import { plainPoints, writePlainSite } from './plain-site.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PAGES = [
  ...[
    'compare?model=*&lengths=*&by=run',
    'calculator?model=*&lengths=*',
    'history?model=*&lengths=*',
    'evals',
  ],
  ...[
    'reliability',
    'runs',
    'runs?run=my-run',
    'hardware',
    'prices',
    'definitions',
    'fronts?model=*&lengths=*',
  ],
  ...['point?run=my-run&point=fast', 'point?run=my-run&point=broken', 'runs?run=hostile'],
];

describe.skipIf(NO_BROWSER !== undefined)(
  `files that are given to a page${NO_BROWSER === undefined ? '' : `: ${NO_BROWSER}`}`,
  () => {
    let folder: string;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let wrong: readonly string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sweepline-dropped-'));
      await writePlainSite(join(folder, 'site'), plainPoints());
      await writeDroppedFolder(join(folder, 'mine'));
      browser = await startBrowser();
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    });
    beforeEach(async () => {
      context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      ({ page, wrong } = await openTab(context, 'file:'));
      await show('fronts');
    });
    afterEach(async () => {
      expect(wrong).toEqual([]);
      await context.close();
    });

    const show = async (place: string): Promise<void> => {
      await page.goto(`${pathToFileURL(join(folder, 'site')).href}/index.html#/${place}`);
      await page.locator('main h2').first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    };
    const panel = (): Locator => page.locator('.dropped');
    const said = (words: string): Promise<void> => panel().getByRole('status').getByText(words).waitFor();
    const pick = (label: string, ...paths: readonly string[]): Promise<void> =>
      page.getByLabel(label, { exact: true }).setInputFiles(paths.map((path) => join(folder, 'mine', path)));

    async function drop(...paths: readonly string[]): Promise<void> {
      const files = paths.map((path) => join(folder, 'mine', path));
      const session = await context.newCDPSession(page);
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', {
          ...{ type, x: 400, y: 400 },
          data: { items: [], files, dragOperationsMask: 1 },
        });
    }

    async function saved(): Promise<readonly Readonly<Record<string, string>>[]> {
      const download = page.waitForEvent('download');
      await page.locator('.exports').getByRole('button', { name: 'CSV', exact: true }).click();
      return csvRows(await readFile(await (await download).path(), 'utf8'));
    }

    it('join the points of the site, are listed with what was not read, and can be removed', async () => {
      await pick('Add a folder', '');
      await said('17 points of 3 runs');
      expect((await panel().locator('details li').allInnerTexts()).sort()).toEqual([
        expect.stringMatching(/agg_x\.json: its row is in results_bmk\/agg_bmk\.json as well/),
        expect.stringMatching(/^mine\/cut-off\.json: .*JSON/),
        expect.stringMatching(/^mine\/huge\.json: it has 200 MiB, and this page reads files of up to 32 MiB/),
        expect.stringMatching(/^mine\/list\.json: it has no known format/),
        expect.stringMatching(/^mine\/notes\.txt: not a \.json file/),
      ]);

      await panel().locator('li', { hasText: 'my-run' }).getByRole('link', { name: 'on fronts' }).click();
      await expect
        .poll(async () => (await saved()).map(({ point }) => point).sort())
        .toEqual(['fast', 'slow']);
      const [row] = await saved();
      expect(row).toMatchObject({ run: 'my-run' });
      await show('fronts?model=dsr1&lengths=*&sku=b200,h200');
      await expect.poll(() => page.locator('.legend').innerText()).toMatch(/h200 vllm fp8.* dropped files/s);

      await panel().getByRole('button', { name: 'Remove my-run' }).click();
      await said('14 points of 2 runs');
      await panel().getByRole('button', { name: 'Remove all' }).click();
      await panel().getByRole('button', { name: 'Remove all' }).waitFor({ state: 'detached' });
      await show('fronts?model=*&lengths=*&state=*&copies=*');
      expect(await page.locator('.fronts > p[role=status]').first().innerText()).toMatch(/ of 240 points/);
    });

    it('are taken where they are dropped, folders and single files, each run once', async () => {
      await drop('one');
      await said('3 points of 1 run');
      await drop('one');
      await panel().getByText('a run my-run is here already, and counts once').waitFor();
      await drop('artifacts/results_bmk/agg_bmk.json', 'one/points/fast/result.json');
      await said('6 points of 2 runs');
      await pick('Add files', 'one/results.ndjson');
      await said('9 points of 3 runs');
    });

    it('run nothing on any page, are kept nowhere, and go nowhere', async () => {
      await pick('Add a folder', '');
      await said('17 points of 3 runs');
      for (const place of PAGES) {
        await page.evaluate(`location.hash = ${JSON.stringify(`#/${place}`)}`);
        await expect.poll(() => page.url()).toContain(`#/${place}`);
        await page.locator('main h2').first().waitFor();
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
        expect(await page.locator('main [role=alert]').allInnerTexts(), place).toEqual([]);
      }
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
      expect(await page.locator('img[src="x"], svg[onload], [onerror], a[href^="javascript"]').count()).toBe(
        0,
      );
      expect(await page.evaluate('JSON.stringify({ ...localStorage })')).toBe('{}');
      await page.reload();
      await page.locator('main h2').first().waitFor();
      expect(await panel().getByRole('listitem').count()).toBe(0);
    });

    it('join the run of a report.html, from the file system', async () => {
      await using workspace = await makeSiteWorkspace();
      await workspace.writeRun('one', hostileRun());
      const report = await writeReport(join(workspace.root, 'results', 'one'), folder);
      await page.goto(`${pathToFileURL(report).href}#/fronts?model=*&lengths=*`);
      await page.locator('.fronts .chart').waitFor();
      expect((await saved()).map(({ point }) => point).sort()).toEqual(['large', 'small']);
      await pick('Add a folder', 'one');
      await said('3 points of 1 run');
      await expect
        .poll(async () => (await saved()).map(({ point }) => point).sort())
        .toEqual(['fast', 'large', 'slow', 'small']);
      await page.goto(`${pathToFileURL(report).href}#/point?run=one&point=dead`);
      await page.getByRole('heading', { name: 'How it ended' }).waitFor();
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
    });

    it('are listed without a serious finding of axe', async () => {
      await pick('Add a folder', '');
      await said('17 points of 3 runs');
      await page.evaluate(await readFile(AXE, 'utf8'));
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { readonly axe: { run(options: object): Promise<AxeResults> } }).axe.run({
          preload: false,
        }),
      );
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    });
  },
);
