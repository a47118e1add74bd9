import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatValues } from '../../src/model/filters.js';
import { DISCLAIMER } from '../../src/site/disclaimer.js';
import { NO_BROWSER, openTab, startBrowser } from './browser.js';
import { csvRows } from './csv-rows.js';
import { plainPoints, writePlainSite, type PlainPoint } from './plain-site.js';

/** Nothing is left out: neither by what is chosen at first, nor by how points ended. */
const EVERYTHING = { model: '*', lengths: '*', state: '*', copies: '*' };
/** Of the first view: what may be compared, once each. */
const COMPARABLE = { model: '*', lengths: '*' };

const points = plainPoints();
const isComparable = ({ isValid, isDuplicate }: PlainPoint): boolean => isValid && !isDuplicate;
const thousands = (value: number): string => value.toLocaleString('en-US');
const lengthsOf = ({ lengths: [isl, osl] }: PlainPoint): string =>
  `${thousands(isl)} input and ${thousands(osl)} output tokens`;

/** What the page calls the values of its filters, by their names in the address. */
const FILTERS: Readonly<Record<string, { label: string; of: (point: PlainPoint) => readonly string[] }>> = {
  model: { label: 'Model', of: ({ model }) => [model] },
  lengths: { label: 'Lengths or workload', of: (point) => [lengthsOf(point)] },
  precision: { label: 'Precision', of: ({ precision }) => [precision] },
  sku: { label: 'Hardware', of: ({ sku }) => [sku] },
  framework: { label: 'Framework', of: ({ framework }) => [framework] },
  spec: { label: 'Speculative decoding', of: ({ spec }) => [spec] },
  disagg: { label: 'Disaggregated', of: ({ disagg }) => [disagg ? 'yes' : 'no'] },
  conc: { label: 'Concurrency', of: ({ conc }) => [String(conc)] },
  origin: { label: 'Origin', of: ({ origin }) => [origin] },
  run: { label: 'Run', of: ({ run }) => [run] },
  date: { label: 'Date', of: ({ day }) => [day] },
  marks: { label: 'Marks', of: ({ marks }) => (marks.length === 0 ? ['(none)'] : marks) },
  state: {
    label: 'Outcome',
    of: ({ state, isValid }) => [state === 'failed' ? 'failed' : isValid ? 'valid' : 'invalid'],
  },
  copies: { label: 'Imported twice', of: ({ isDuplicate }) => [isDuplicate ? 'yes' : 'no'] },
};

/** What is on the axes, of which it is the better the greater (1) or the smaller (-1). */
interface Axes {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly x: string;
  readonly y: string;
  readonly better: 1 | -1;
  /** Seconds. */
  readonly maxTtft?: number;
}

describe.skipIf(NO_BROWSER !== undefined)(
  `the page of fronts${NO_BROWSER === undefined ? '' : `: ${NO_BROWSER}`}`,
  () => {
    let folder: string;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let wrong: readonly string[];
    let index: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sweepline-fronts-'));
      await writePlainSite(folder, points);
      index = `${pathToFileURL(folder).href}/index.html`;
      browser = await startBrowser();
      context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
      ({ page, wrong } = await openTab(context, 'file:'));
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    });

    const addressOf = (params: Readonly<Record<string, string>>): string =>
      `${index}#/fronts?${new URLSearchParams(params).toString()}`;

    async function show(params: Readonly<Record<string, string>>, on = page): Promise<void> {
      await on.goto(addressOf(params));
      await on.locator('.fronts .chart').waitFor();
    }

    const notes = (on = page): Promise<string> => on.locator('.fronts > p[role=status]').first().innerText();

    async function saved(kind: 'CSV' | 'SVG' | 'PNG', on = page): Promise<Buffer> {
      const download = on.waitForEvent('download');
      await on.locator('.exports').getByRole('button', { name: kind, exact: true }).click();
      return readFile(await (await download).path());
    }
    const csv = async (on = page): Promise<string> => (await saved('CSV', on)).toString('utf8');

    it.each(Object.keys(FILTERS))('%s lets through what has the value, and counts it', async (key) => {
      const { label, of } = FILTERS[key]!;
      await show(EVERYTHING);
      const value = of(points[7]!)[0]!;
      const expected = points.filter((point) => of(point).includes(value)).length;
      const menu = page.locator('details.facet', {
        has: page.locator('.facet-label').getByText(label, { exact: true }),
      });
      await menu.locator('summary').click();
      const option = menu.locator('.facet-option', {
        has: page.locator('.facet-value').getByText(value, { exact: true }),
      });
      expect(await option.locator('.facet-count').innerText()).toBe(thousands(expected));

      await option.locator('input').check();

      await expect.poll(() => notes()).toMatch(new RegExp(` of ${thousands(expected)} points that pass`));
      expect(new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get(key)).toBe(
        formatValues([value]),
      );
      await page.goBack();
      await expect.poll(() => notes()).toMatch(new RegExp(` of ${points.length} points that pass`));
    });

    it.each<Axes>([
      {
        name: 'throughput against interactivity',
        params: {},
        y: 'tput_per_gpu',
        x: 'median_intvty',
        better: 1,
      },
      {
        name: 'output against TTFT',
        params: { y: 'output_tput_per_gpu', x: 'ttft' },
        y: 'output_tput_per_gpu',
        x: 'median_ttft',
        better: -1,
      },
      {
        name: 'within a limit of TTFT',
        params: { ttft: '400' },
        y: 'tput_per_gpu',
        x: 'median_intvty',
        better: 1,
        maxTtft: 0.4,
      },
    ])(
      'shows the fronts that a comparison of all pairs gives: $name',
      async ({ params, y, x, better, maxTtft }) => {
        await show({ ...COMPARABLE, ...params });
        const rows = csvRows(await csv());

        const candidates = points.filter(
          (point) => isComparable(point) && point.metrics[x] !== undefined && point.metrics[y] !== undefined,
        );
        const keeps = ({ metrics }: PlainPoint): boolean =>
          maxTtft === undefined || (metrics['median_ttft'] ?? Infinity) <= maxTtft;
        expect(rows.map(({ point }) => point).sort()).toEqual(candidates.map(({ point }) => point).sort());
        const onFront = candidates.filter(keeps).filter((point, _, all) => {
          const [own, up] = [point.metrics[x]! * better, point.metrics[y]!];
          return !all.some((other) => {
            const [their, theirs] = [other.metrics[x]! * better, other.metrics[y]!];
            return sameFront(point, other) && their >= own && theirs >= up && (their > own || theirs > up);
          });
        });
        expect(onFront.length).toBeGreaterThan(40);
        expect(
          rows
            .filter((row) => row['on front'] === 'true')
            .map(({ point }) => point)
            .sort(),
        ).toEqual(onFront.map(({ point }) => point).sort());
        for (const row of rows)
          expect(Number(row[Object.keys(row)[2]!]), row['point']).toBe(pointOf(row['point']).metrics[y]);
      },
    );

    it('lists what is on no front, with how it ended', async () => {
      await show(COMPARABLE);
      const left = points.filter((point) => !point.isDuplicate && !point.isValid);
      await page.locator('summary', { hasText: `${left.length} points are on no front` }).click();
      const rows = page.locator('tr', { hasText: 'failed' });
      await rows.first().waitFor();
      const table = page.locator('.data-table', { hasText: 'Points on no front' });
      expect(await table.locator('[role=status]').first().innerText()).toBe(`${left.length} rows`);
    });

    it('has a busy view in its address: another tab shows the same', async () => {
      await show(COMPARABLE);
      await page.getByLabel('Log y').check();
      await page.getByLabel('Hide dominated').check();
      await page.getByLabel('Horizontal').selectOption('ttft');
      await page.getByLabel(/^TTFT, median/).fill('800');
      await page.getByLabel(/^TTFT, median/).press('Enter');
      await page.getByRole('searchbox').first().fill('b200');
      await page.locator('.legend input').first().uncheck();
      await page.locator('.legend input').nth(1).uncheck();
      await expect.poll(() => page.locator('.legend .is-hidden').count()).toBe(2);
      const here = [await notes(), await csv(), await page.locator('.legend').innerText()];

      const other = await context.newPage();
      await other.goto(page.url());
      await other.locator('.fronts .chart').waitFor();

      expect([await notes(other), await csv(other), await other.locator('.legend').innerText()]).toEqual(
        here,
      );
      await other.close();
    });

    it('shows one series alone, and all again', async () => {
      await show({ ...COMPARABLE, sku: 'b200' });
      const names = page.locator('.legend .legend-name');
      const [first, all] = [(await names.first().innerText()).trim(), await names.count()];
      await names.first().click();
      await expect.poll(() => page.locator('.legend .is-hidden').count()).toBe(all - 1);
      expect(new Set(csvRows(await csv()).map(({ series }) => series))).toEqual(new Set([first]));
      await names.first().click();
      await expect.poll(() => page.locator('.legend .is-hidden').count()).toBe(0);
    });

    it('saves numbers and pictures that say what they are', async () => {
      await show({ ...COMPARABLE, sku: 'h200', precision: 'fp8' });
      const text = await csv();
      expect(text.split('\r\n')[0]).toContain(
        'series,"Interactivity, median (tok/s/user)",Throughput per device (tok/s/device),',
      );
      const svg = (await saved('SVG')).toString('utf8');
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      for (const words of [
        'Throughput per device (tok/s/device)',
        'Unofficial',
        DISCLAIMER.slice(0, 30),
        'Plain',
      ])
        expect(svg).toContain(words);
      expect(svg).not.toMatch(/NaN|undefined|<script/);
      const png = await saved('PNG');
      expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
      expect(png.readUInt32BE(16) % 1200).toBe(0);
      expect(png.readUInt32BE(20)).toBeGreaterThan(640);
    });

    it('is reached and read by the keyboard alone', async () => {
      const { page } = await openTab(context, 'file:');
      await show({ ...COMPARABLE, sku: 'mi355x' }, page);
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').innerText()).toMatch(/skip/i);
      for (let presses = 0; presses < 80; presses += 1) {
        if ((await page.locator('[role=application]:focus').count()) === 1) break;
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('ArrowRight');
      const spoken = page.locator('.chart [aria-live]');
      const least = Math.min(
        ...points
          .filter((point) => isComparable(point) && point.sku === 'mi355x')
          .map(({ metrics }) => metrics['median_intvty']!),
      );
      await expect.poll(() => spoken.innerText()).toContain(`${least} tok/s/user`);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'How it ended' }).waitFor();
      const { run, point } = Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.split('?')[1]));
      expect(pointOf(point)).toMatchObject({ run, sku: 'mi355x' });
      expect(pointOf(point).metrics['median_intvty']).toBe(least);
    });

    it('is embedded as a chart alone', async () => {
      await show({ ...COMPARABLE, embed: '1' });
      expect(await page.locator('.filters, nav, .exports').count()).toBe(0);
      expect(await page.locator('.fronts').innerText()).toContain('Unofficial');
    });

    it('says no error meanwhile, and asks nobody', () => expect(wrong).toEqual([]));
  },
);

function pointOf(name: string | undefined): PlainPoint {
  return points.find(({ point }) => point === name)!;
}

/** Alike in all that keeps fronts apart. */
function sameFront(a: PlainPoint, b: PlainPoint): boolean {
  const keyOf = (point: PlainPoint): string =>
    ['model', 'lengths', 'sku', 'framework', 'precision', 'spec', 'disagg', 'origin']
      .flatMap((key) => FILTERS[key]!.of(point))
      .join('|');
  return keyOf(a) === keyOf(b);
}
