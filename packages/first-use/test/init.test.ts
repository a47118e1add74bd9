import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

/* Checks the files of `sweepline init`, with all plugins of this workspace. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const PLUGINS = [
  ...['core', 'hw-amd', 'hw-cpu', 'hw-nvidia', 'launcher-docker'],
  ...['plugin-atom', 'plugin-llamacpp', 'plugin-sglang', 'plugin-trtllm', 'plugin-vllm'],
];
/** Frameworks and the hardware for which an image is known; other hardware needs a given image. */
const CHOICES = [
  ...of('vllm', ['cpu', 'h100', 'h200', 'b200', 'mi300x', 'mi325x', 'mi355x']),
  ...of('vllm', ['b300', 'gb200', 'gb300'], ['--image', 'vllm/vllm-openai:v0.13.0']),
  ...of('sglang', ['h200', 'b200', 'mi300x', 'mi325x', 'mi355x']),
  ...of('trt', ['h200', 'b200']),
  ...of('atom', ['mi355x']),
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-init-'));
  await mkdir(join(folder, 'node_modules/@sweepline'), { recursive: true });
  for (const name of PLUGINS)
    await symlink(join(ROOT, 'packages', name), join(folder, 'node_modules/@sweepline', name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function of(framework: string, skus: readonly string[], more: readonly string[] = []) {
  return skus.map((sku) => [framework, sku, more] as const);
}

async function sweepline(
  args: readonly string[],
  cwd: string,
  codes: readonly number[] = [0],
): Promise<string> {
  const ran = await execa(process.execPath, [BIN, ...args], { cwd, reject: false, stdin: 'ignore' });
  expect(codes, ran.stderr).toContain(ran.exitCode);
  return ran.stdout;
}

test('of llama.cpp on this CPU sweeps as it is', async () => {
  const cwd = join(folder, 'cpu');
  await sweepline(['init', 'cpu'], folder);
  await sweepline(['validate', '--strict'], cwd);
  await sweepline(['plan'], cwd);
  // A busy machine makes results invalid.
  await sweepline(['sweep', '--max-conc', '1'], cwd, [0, 6]);
  const [run = ''] = await readdir(join(cwd, 'results'));
  expect(await readFile(join(cwd, 'results', run, 'summary.md'), 'utf8')).toContain('synthetic:17m');
});

test('of llama.cpp has the version that its plugin takes', async () => {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'cpu/package.json'), 'utf8')) as Manifest;
  const plugin = await readFile(join(ROOT, 'packages/plugin-llamacpp/package.json'), 'utf8');
  const { dependencies: own, peerDependencies, devDependencies } = JSON.parse(plugin) as Manifest;
  const taken = { ...own, ...devDependencies, ...peerDependencies }['node-llama-cpp'];
  expect(taken).toContain(dependencies?.['node-llama-cpp']);
});

test('of every framework on its hardware validates and plans, with images that configs have', async () => {
  const configs: string[] = [];
  for (const model of ['synthetic:60m', 'synthetic:tiny'])
    configs.push((await sweepline(['init', model, '--model', model], folder)).split('\n')[1] ?? '');
  const all = { plugins: new Set(['@sweepline/plugin-llamacpp']), runners: {} };
  for (const [framework, sku, more] of CHOICES) {
    const name = `${framework}-${sku}`;
    const choice = [
      '--framework',
      framework,
      '--hardware',
      sku,
      '--model',
      'meta-llama/Llama-3.1-8B-Instruct',
    ];
    const written = await sweepline(['init', name, ...choice, ...more], folder);
    const [workspace = '', config = ''] = written.split('\n');
    configs.push(config);
    const { plugins, runners } = parse(await readFile(join(folder, workspace), 'utf8')) as Workspace;
    for (const plugin of plugins) all.plugins.add(plugin);
    Object.assign(all.runners, runners);
    if (more.length === 0 && sku !== 'cpu') await imageIsOfConfigs(join(folder, config), framework, sku);
  }
  await mkdir(join(folder, 'configs'));
  await writeFile(
    join(folder, 'configs/sweepline.yaml'),
    JSON.stringify({ ...all, plugins: [...all.plugins] }),
  );
  await sweepline(['validate', ...configs], folder);
  const plans = JSON.parse(await sweepline(['plan', ...configs, '--json'], folder)) as readonly object[];
  const jobs = [2, 2, ...CHOICES.map(([, sku]) => (sku === 'cpu' ? 2 : 3))];
  expect(plans).toHaveLength(jobs.reduce((sum, one) => sum + one));
  for (const plan of plans) expect(plan).toHaveProperty('processes');
});

/** An image that the workspace's own configs use on that hardware. */
async function imageIsOfConfigs(config: string, framework: string, sku: string): Promise<void> {
  const [entry] = entriesOf(await readFile(config, 'utf8'));
  const own = (await Promise.all(['nvidia', 'amd'].map(readConfigs))).flat();
  const images = own
    .filter((one) => one.framework === framework && one.runner.replace(/-trt$/, '') === sku)
    .map(({ image }) => image);
  expect(images, `${framework} on ${sku}`).toContain(entry?.image);
}

interface Workspace {
  readonly plugins: readonly string[];
  readonly runners?: object;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Entry {
  readonly image: string;
  readonly framework: string;
  readonly runner: string;
}

function entriesOf(text: string): readonly Entry[] {
  return Object.values(parse(text) as Readonly<Record<string, Entry>>);
}

async function readConfigs(vendor: string): Promise<readonly Entry[]> {
  const files = await readdir(join(ROOT, 'configs', vendor));
  const texts = files.map((file) => readFile(join(ROOT, 'configs', vendor, file), 'utf8'));
  return (await Promise.all(texts)).flatMap(entriesOf);
}
