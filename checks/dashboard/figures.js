// @ts-check
/**
 * Figures of six points as the page shows them, held against the raw rows and the formulas of InferenceX's dashboard:
 * `node checks/dashboard/figures.js SITE ROWS`. SITE is a folder that `sweepline dashboard build` has made of ROWS, a folder of runs with an
 * agg_bmk.json each. Needs Chromium, as screenshots.js does.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from '../browser.js';

/** All-in kW, and USD per hour of a hyperscaler: SemiAnalysisAI/InferenceX-app, constants.ts. */
const HARDWARE = {
  h100: { kw: 1.73, usd: 1.3 },
  h200: { kw: 1.73, usd: 1.41 },
  b200: { kw: 2.17, usd: 1.95 },
  gb200: { kw: 2.1, usd: 2.21 },
  mi300x: { kw: 1.79, usd: 1.12 },
  mi325x: { kw: 2.18, usd: 1.28 },
  mi355x: { kw: 2.65, usd: 1.48 },
};
const POINTS = 6;
/** Relative: numbers are doubles on both sides. */
const TOLERANCE = 1e-9;

/** @typedef {Readonly<Record<string, unknown>> & { readonly hw: keyof typeof HARDWARE, readonly tput_per_gpu: number, readonly median_intvty: number }} Row */

const [site, from] = process.argv.slice(2);
if (site === undefined || from === undefined) throw new Error('name a site, and the folder of its runs');

const chosen = await chooseRows(from);
const browser = await startBrowser();
let wrong = 0;
try {
  const page = await browser.newPage();
  for (const { run, point, row } of chosen) {
    const { kw, usd } = HARDWARE[row.hw];
    const tput = row.tput_per_gpu;
    /** By key of the vertical axis. @type {Readonly<Record<string, number>>} */
    const expected = {
      tput_per_gpu: tput,
      usd_per_m_total: usd / ((tput * 3600) / 1e6),
      total_per_mw: (tput * 1000) / kw,
      j_per_total_provisioned: (kw * 1000) / tput,
    };
    for (const [y, figure] of Object.entries(expected)) {
      const [x, shown] = await shownFigures(page, { run, point, y });
      const isRight = isClose(x, row.median_intvty) && isClose(shown, figure);
      if (!isRight) wrong += 1;
      console.log(
        `${isRight ? 'right' : 'WRONG'}  ${row.hw} ${run} ${point} ${y}: ${shown}, from the row ${figure}`,
      );
    }
  }
} finally {
  await browser.close();
}
console.log(`${chosen.length} points, ${wrong} wrong figures`);
process.exitCode = wrong === 0 && chosen.length === POINTS ? 0 : 1;

/** The first row on one node of each of six kinds of hardware. @param {string} folder */
async function chooseRows(folder) {
  /** @type {Map<string, { run: string, point: string, row: Row }>} */
  const found = new Map();
  for (const run of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, run, 'agg_bmk.json'), 'utf8').catch(() => '[]');
    /** @type {readonly Row[]} */
    const rows = JSON.parse(text);
    for (const [at, row] of rows.entries())
      if (row.hw in HARDWARE && row['disagg'] === false && !found.has(row.hw))
        found.set(row.hw, { run, point: `agg_bmk.json:${at}`, row });
  }
  return [...found.values()].slice(0, POINTS);
}

/**
 * x and y of a point in the CSV that the page of fronts saves.
 * @param {import('playwright-core').Page} page @param {{ run: string, point: string, y: string }} what
 * @returns {Promise<readonly [number, number]>}
 */
async function shownFigures(page, { run, point, y }) {
  const all = { model: '*', lengths: '*', state: '*', copies: '*' };
  const params = new URLSearchParams({ ...all, run, y });
  // Another document each time: of the same one the button could be that of the view before.
  await page.goto('about:blank');
  await page.goto(`${pathToFileURL(join(resolve(site ?? ''), 'index.html')).href}#/fronts?${params}`);
  await page.locator('.fronts .chart').waitFor();
  const download = page.waitForEvent('download');
  await page.locator('.exports').getByRole('button', { name: 'CSV', exact: true }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  const line = text.split('\r\n').find((one) => one.includes(`,${point},`)) ?? '';
  // Names of series may have commas, and are quoted then.
  const [, x, shown] = /^(?:"[^"]*"|[^,]*),([^,]*),([^,]*),/.exec(line) ?? [];
  return [Number(x), Number(shown)];
}

/** @param {number} a @param {number} b */
function isClose(a, b) {
  return Math.abs(a - b) <= TOLERANCE * Math.abs(b);
}
