import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_BROWSER, openTab, startBrowser, type Tab } from './browser.js';
import { hostSite, type Host } from './host.js';
import { writeHostileSite } from './hostile-site.js';

const PLACES = [
  ...['fronts', 'prices', 'evals', 'reliability', 'hardware', 'definitions', 'runs'],
  'calculator?model=*&lengths=*&load=1000',
  'compare?model=*&lengths=*&by=image',
  'history?model=*&lengths=*',
  'point?run=RUN&point=POINT',
] as const;

const WITH_FIGURES = PLACES.filter((place) =>
  /^(?:evals|reliability|calculator|compare|history|point)/.test(place),
);

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe.skipIf(NO_BROWSER !== undefined)(
  `a site of hostile texts${NO_BROWSER === undefined ? '' : `: ${NO_BROWSER}`}`,
  () => {
    let folder: string;
    let browser: Browser;
    let host: Host;
    let point: { readonly run: string; readonly point: string };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sweepline-site-'));
      point = await writeHostileSite(folder);
      [browser, host] = await Promise.all([startBrowser(), hostSite(folder)]);
    });
    afterAll(async () => {
      await browser.close();
      await host.close();
      await rm(folder, { recursive: true });
    });

    const hashOf = (place: string): string =>
      `#/${place.replace('RUN', encodeURIComponent(point.run)).replace('POINT', encodeURIComponent(point.point))}`;

    /** A page of the site, drawn. */
    async function show(
      base: string,
      place: string,
      colorScheme: 'light' | 'dark' = 'light',
    ): Promise<Tab & AsyncDisposable> {
      const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } });
      const tab = await openTab(context, base.startsWith('file:') ? 'file:' : new URL(base).origin);
      await tab.page.goto(`${base}index.html${hashOf(place)}`);
      await tab.page.locator('main h2').first().waitFor();
      await tab.page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      return { ...tab, [Symbol.asyncDispose]: () => context.close() };
    }

    describe.each(['a sub-folder of a host', 'file://'])('from %s', (from) => {
      const base = (): string => (from === 'file://' ? `${pathToFileURL(folder).href}/` : host.url);

      it.each(PLACES)('%s runs nothing of them, asks nobody, and says no error', async (place) => {
        await using tab = await show(base(), place);
        expect(await tab.page.evaluate(() => ('pwned' in globalThis ? 'ran' : 'did not run'))).toBe(
          'did not run',
        );
        expect(
          await tab.page
            .locator('img[src="x"], svg[onload], main script, [onerror], a[href^="javascript"]')
            .count(),
        ).toBe(0);
        expect(tab.wrong).toEqual([]);
      });
    });

    it.each(WITH_FIGURES)('%s saves its figures as pictures that say what they are', async (place) => {
      await using tab = await show(host.url, place);
      const figure = tab.page.locator('figure:has(.exports)').first();
      const saved = async (kind: 'PNG' | 'SVG'): Promise<Buffer> => {
        const download = tab.page.waitForEvent('download');
        await figure.getByRole('button', { name: kind }).click();
        return readFile(await (await download).path());
      };
      const svg = (await saved('SVG')).toString('utf8');
      const picture = await tab.page.context().newPage();
      await picture.goto(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
      const text = (await picture.locator('svg').first().textContent()) ?? '';
      const words = (await figure.locator('figcaption').innerText()).trim().split(/\s+/)[0]!;
      expect([words, 'Unofficial', 'not affiliated'].filter((part) => !text.includes(part))).toEqual([]);
      const harmful = 'script, img, foreignObject, parsererror, [onload], [onerror], [onclick]';
      expect(await picture.locator(harmful).count()).toBe(0);
      expect(await picture.evaluate(() => 'pwned' in globalThis)).toBe(false);
      expect(svg).not.toMatch(/="(?:NaN|undefined)/);
      const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
      const png = await saved('PNG');
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
      expect(tab.wrong).toEqual([]);
    });

    describe.each(['light', 'dark'] as const)('%s', (theme) => {
      it.each(PLACES)('%s has no serious finding of axe', async (place) => {
        await using tab = await show(host.url, place, theme);
        await tab.page.evaluate(await readFile(AXE, 'utf8'));
        const { violations } = await tab.page.evaluate(() =>
          (globalThis as unknown as { readonly axe: { run(): Promise<AxeResults> } }).axe.run(),
        );
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          serious.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 200)) })),
        ).toEqual([]);
      });
    });
  },
);
