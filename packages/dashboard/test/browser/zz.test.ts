import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { it } from 'vitest';
import { openTab, startBrowser } from './browser.js';
import { plainPoints, writePlainSite } from './plain-site.js';
it('x', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-x-'));
  await writePlainSite(join(folder, 'site'), plainPoints());
  await mkdir(join(folder, 'many'));
  for (let i = 0; i < 3000; i++) await writeFile(join(folder, 'many', `${i}.txt`), 'x');
  await mkdir(join(folder, 'toomany'));
  for (let i = 0; i < 20_100; i++) await writeFile(join(folder, 'toomany', `${i}.txt`), 'x');
  const rows = Array.from({ length: 60_000 }, (_, i) => ({ hw: 'h200', conc: (i % 500) + 1, isl: 1024, osl: 1024, tp: 8, ep: 1, framework: `f${i % 7}`, precision: 'fp8', infmax_model_prefix: 'dsr1', model: 'm', tput_per_gpu: i, median_intvty: 20 + i, median_ttft: 0.3, median_e2el: 3, ...Object.fromEntries(Array.from({ length: 25 }, (__, k) => [`p99_metric_number_${k}`, i * k])) }));
  await writeFile(join(folder, 'agg_bmk.json'), JSON.stringify(rows));
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, wrong } = await openTab(context, 'file:');
  page.setDefaultTimeout(60_000);
  await page.goto(`${pathToFileURL(join(folder, 'site')).href}/index.html`);
  await page.locator('.fronts .chart').waitFor();
  await page.evaluate(`(() => { let last = performance.now(); globalThis.longest = 0; const tick = () => { const now = performance.now(); globalThis.longest = Math.max(globalThis.longest, now - last); last = now; requestAnimationFrame(tick); }; tick(); })()`);
  const cdp = await context.newCDPSession(page);
  for (const [path, words] of [['many', '3,000 files'], ['toomany', '1 file not'], ['agg_bmk.json', '60,000 points']] as const) {
    const t = performance.now();
    await page.evaluate('globalThis.longest = 0');
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await cdp.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data: { items: [], files: [join(folder, path)], dragOperationsMask: 1 } });
    await page.locator('.dropped [role=status]').getByText(words).waitFor();
    console.log(path, Math.round(performance.now() - t), 'ms, longest frame', Math.round(await page.evaluate('globalThis.longest')), await page.locator('.dropped').innerText().then((s) => s.slice(0, 300)));
  }
  console.log(wrong);
  await browser.close(); await rm(folder, { recursive: true });
}, 180000);
