// @ts-check
/**
 * The command that a point's page shows, run for real: `node checks/dashboard/reproduce.js`. Sweeps a fake server with the report.html of
 * this package, opens that page in Chromium, copies the command of the point, runs it with a shell in the workspace, and holds the
 * name of the point that it measures against that of the first. Prints how long the sweep takes with and without the page, and how large
 * the page is. Needs Chromium, and all packages built.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeTestWorkspace } from '../../packages/core/dist/testing/workspace.js';
import { startBrowser } from '../browser.js';

const run = promisify(execFile);
const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
const BIN = join(PACKAGES, 'core/bin/sweepline.js');
const ROUNDS = 3;

const CONFIG = `points:
  image: host
  model: fake-model
  model-prefix: fake
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 5, search-space: [{ tp: 1, conc-list: [2] }] }
`;

const workspace = await makeTestWorkspace();
try {
  const modules = join(workspace.root, 'node_modules');
  await cp(join(PACKAGES, 'core/test/fixtures/acme-plugin'), join(modules, '@acme/sweepline-plugin'), {
    recursive: true,
  });
  await mkdir(join(modules, '.bin'), { recursive: true });
  await mkdir(join(modules, '@sweepline'), { recursive: true });
  await symlink(BIN, join(modules, '.bin/sweepline'));
  for (const name of ['core', 'dashboard', 'store'])
    await symlink(join(PACKAGES, name), join(modules, '@sweepline', name)).catch(ignoreExisting);
  await workspace.write('package.json', '{ "type": "module" }');
  await workspace.write('configs/points.yaml', CONFIG);
  await timeSweeps();

  const page = join(await newestRun(), 'report.html');
  const { size } = await stat(page);
  console.log(`report.html: ${size} bytes`);
  const [first] = await points();
  const command = await shownCommand(page, first ?? '');
  console.log(command);
  await run('/bin/sh', ['-c', `${command} --allow-invalid`], {
    cwd: workspace.root,
    env: { ...process.env, PATH: `${join(modules, '.bin')}:${process.env['PATH'] ?? ''}` },
  });
  const [again] = await points();
  const isSame = first !== undefined && again === first;
  console.log(`${isSame ? 'the same point' : 'ANOTHER POINT'}: ${first ?? 'none'}, again ${again ?? 'none'}`);
  process.exitCode = isSame && size <= 1.5e6 ? 0 : 1;
} finally {
  await workspace[Symbol.asyncDispose]();
}

/** By turns, so that both meet the same machine. */
async function timeSweeps() {
  /** @type {Record<string, number[]>} */
  const seconds = { without: [], with: [] };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of /** @type {const} */ (['without', 'with'])) {
      const plugins = ["'@acme/sweepline-plugin'", ...(kind === 'with' ? ["'@sweepline/dashboard'"] : [])];
      await workspace.write(
        'configs/sweepline.yaml',
        `plugins: [${plugins.join(', ')}]\ndefault-configs: [configs/points.yaml]\n`,
      );
      const begin = performance.now();
      await run(process.execPath, [BIN, 'sweep', '--allow-invalid'], { cwd: workspace.root });
      seconds[kind]?.push((performance.now() - begin) / 1000);
    }
  for (const [kind, all] of Object.entries(seconds))
    console.log(`a sweep ${kind} the page takes ${all.map((one) => one.toFixed(2)).join(', ')} s`);
}

/** @param {string} page @param {string} point */
async function shownCommand(page, point) {
  const browser = await startBrowser();
  try {
    const tab = await browser.newPage();
    const name = (await newestRun()).split('/').at(-1) ?? '';
    const hash = new URLSearchParams({ run: name, point }).toString();
    await tab.goto(`${pathToFileURL(page).href}#/point?${hash}`);
    return await tab.locator('pre.command').innerText();
  } finally {
    await browser.close();
  }
}

async function newestRun() {
  const results = join(workspace.root, 'results');
  const names = (await readdir(results)).filter((name) => /^\d/.test(name)).sort();
  return join(results, names.at(-1) ?? '');
}

/** Names of the newest run's points. */
async function points() {
  return readdir(join(await newestRun(), 'points'));
}

/** @param {NodeJS.ErrnoException} error */
function ignoreExisting(error) {
  if (error.code !== 'EEXIST') throw error;
}
