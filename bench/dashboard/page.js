// @ts-check
/**
 * What the page costs in Chromium: `node bench/dashboard/page.js SITE [--rounds 5]`, with a site of 50,000 points that
 * `node bench/dashboard/run.js FOLDER --keep SITE` has made. Needs Chromium: `SWEEPLINE_CHROMIUM`, or /usr/bin/chromium. Use a quiet machine.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startBrowser } from '../../checks/browser.js';

/** ms, at the median. */
const LIMITS = { drawn: 1500, filter: 100, hover: 16 };
const ALL = { model: '*', lengths: '*', state: '*', copies: '*' };
/** @type {readonly (readonly [name: string, value: string])[]} */
const FILTERS = [
  ['precision', 'fp8'],
  ['framework', 'sglang'],
  ['spec', 'none'],
];
const HOVERS = 100;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const [site] = positionals;
if (site === undefined) throw new Error('name the folder of a site');
const index = pathToFileURL(join(resolve(site), 'index.html')).href;

const browser = await startBrowser();
/** @type {{ drawn: number[], filter: number[], hover: number[] }} */
const measured = { drawn: [], filter: [], hover: [] };
try {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(index);
    measured.drawn.push(await firstDrawing(page));
    const all = `#/fronts?${new URLSearchParams(ALL)}`;
    await changeTo(page, all);
    for (const [name, value] of FILTERS) {
      measured.filter.push(
        await changeTo(page, `#/fronts?${new URLSearchParams({ ...ALL, [name]: value })}`),
      );
      await changeTo(page, all);
    }
    measured.hover.push(...(await hovers(page)));
    await context.close();
  }
} finally {
  await browser.close();
}
for (const what of /** @type {const} */ (['drawn', 'filter', 'hover'])) {
  const median = medianOf(measured[what]);
  const isWithin = median <= LIMITS[what];
  console.log(
    `${what}: median ${median.toFixed(1)} ms of ${measured[what].length}, limit ${LIMITS[what]}${isWithin ? '' : ': MORE'}`,
  );
  if (!isWithin) process.exitCode = 1;
}

/** ms from navigation to the first drawing. @param {import('playwright-core').Page} page @returns {Promise<number>} */
function firstDrawing(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        new PerformanceObserver((list, observer) => {
          const [mark] = list.getEntriesByName('sweepline:drawn');
          if (mark === undefined) return;
          observer.disconnect();
          done(mark.startTime);
        }).observe({ type: 'mark', buffered: true });
      }),
  );
}

/** ms from a new address to its drawing. @param {import('playwright-core').Page} page @param {string} hash @returns {Promise<number>} */
function changeTo(page, hash) {
  return page.evaluate(
    (to) =>
      new Promise((done) => {
        const begin = performance.now();
        new PerformanceObserver((list, observer) => {
          const mark = list.getEntriesByName('sweepline:drawn').find(({ startTime }) => startTime >= begin);
          if (mark === undefined) return;
          observer.disconnect();
          done(mark.startTime - begin);
        }).observe({ type: 'mark' });
        Reflect.get(globalThis, 'location').hash = to;
      }),
    hash,
  );
}

/** ms of each: from the pointer's event until the tooltip has its place. @param {import('playwright-core').Page} page */
function hovers(page) {
  return page.evaluate(async (count) => {
    const document = Reflect.get(globalThis, 'document');
    const PointerEvent = Reflect.get(globalThis, 'PointerEvent');
    const area = document.querySelector('.chart-area');
    const { left, top, width, height } = area.getBoundingClientRect();
    const times = [];
    let shown = 0;
    for (let at = 0; at < count; at += 1) {
      const clientX = left + width * (0.1 + (0.8 * at) / count);
      const clientY = top + height * (0.2 + 0.6 * ((at * 7) % 10) * 0.1);
      const begin = performance.now();
      area.dispatchEvent(
        new PointerEvent('pointermove', { clientX, clientY, bubbles: true, pointerType: 'mouse' }),
      );
      // The component is drawn in a task of its own.
      await new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        Reflect.set(port1, 'onmessage', done);
        port2.postMessage(undefined);
      });
      area.getBoundingClientRect();
      times.push(performance.now() - begin);
      if (document.querySelector('.chart-tip') !== null) shown += 1;
    }
    if (shown < count / 4) throw new Error(`only ${shown} of ${count} places have a tooltip`);
    return times;
  }, HOVERS);
}

/** @param {readonly number[]} numbers */
function medianOf(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
