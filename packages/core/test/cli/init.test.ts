import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../run-cli.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const init = (...args: readonly string[]) => runCli(['init', ...args], folder);
const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
const json = async (path: string): Promise<unknown> => JSON.parse(await read(path));

test('makes a workspace in an empty folder, and says what comes next', async () => {
  const { exitCode, stdout, stderr } = await init();
  expect(exitCode).toBe(0);
  expect(stdout.trim().split('\n')).toEqual([
    'configs/sweepline.yaml',
    'configs/synthetic-17m-cpu-llamacpp.yaml',
    'package.json',
  ]);
  expect(stderr).toContain('npm install && npx sweepline sweep');
  expect(await read('configs/sweepline.yaml')).toContain("- '@sweepline/plugin-llamacpp'");
  expect(await json('package.json')).toMatchObject({
    private: true,
    dependencies: { '@sweepline/core': '^0.0.0', '@sweepline/hw-cpu': '^0.0.0' },
    overrides: { '@node-llama-cpp/linux-x64-cuda': expect.stringContaining('riscv64') as string },
  });
});

test('makes it in a folder that is named', async () => {
  const { stdout, stderr } = await init('new/bench');
  expect(stdout).toContain('new/bench/configs/sweepline.yaml\n');
  expect(stderr).toContain('cd new/bench && npm install');
  expect(await readdir(folder)).toEqual(['new']);
});

test('adds to a package.json what is missing, and keeps the rest as it is', async () => {
  const before =
    '{\n\t"name": "mine",\n\t"dependencies": {\n\t\t"zod": "4"\n\t},\n\t"devDependencies": {\n\t\t"@sweepline/core": "1"\n\t}\n}';
  await writeFile(join(folder, 'package.json'), before);
  expect((await init()).exitCode).toBe(0);
  const text = await read('package.json');
  expect(JSON.parse(text)).toMatchObject({
    name: 'mine',
    dependencies: { '@sweepline/hw-cpu': '^0.0.0', zod: '4' },
    devDependencies: { '@sweepline/core': '1' },
  });
  expect(JSON.parse(text)).not.toHaveProperty('dependencies.@sweepline/core');
  expect(text).toContain('\n\t"name"');
  expect(text.endsWith('}')).toBe(true);
  // Nothing is missing the second time.
  const { stderr } = await init('--force');
  expect(stderr).not.toContain('npm install');
  expect(await read('package.json')).toBe(text);
});

test('overwrites nothing without --force, and writes nothing then', async () => {
  await mkdir(join(folder, 'configs'));
  await writeFile(join(folder, 'configs/sweepline.yaml'), 'mine');
  const { exitCode, stderr } = await init();
  expect(exitCode).toBe(2);
  expect(stderr).toContain('configs/sweepline.yaml exists already; nothing was written');
  expect(stderr).toContain('--force');
  expect(await readdir(folder)).toEqual(['configs']);
  expect(await readdir(join(folder, 'configs'))).toEqual(['sweepline.yaml']);
  expect((await init('--force')).exitCode).toBe(0);
  expect(await read('configs/sweepline.yaml')).toContain('plugins:');
});

test.each([
  [['--hardware', 'h20O'], /no Sweepline package has hardware h20O/],
  [['--hardware', 'mi300'], /hardware mi300; did you mean "mi300x"/],
  [['--framework', 'vlm', '--model', 'a/b'], /framework vlm; did you mean "vllm"/],
  [['--hardware', 'mi300x', '--framework', 'trt', '--model', 'a/b'], /no image is known for trt on mi300x/],
  [['--hardware', 'h200'], /--model is missing/],
  [['--model', 'nowhere.gguf'], /there is no file .*nowhere\.gguf/],
  [['--model', '.'], /there is no file/],
  [['--tp', '0'], /--tp/],
  [['--precision', 'a: b'], /--precision a: b: expected lower-case letters/],
  [['--model', 'synthetic:17b'], /no model synthetic:17b; did you mean "synthetic:17m"/],
  [['--hardware', 'constructor'], /has hardware constructor/],
  [['one', 'two'], /too many arguments/],
])('refuses %j before it writes anything', async (args, message) => {
  const { exitCode, stderr } = await init(...args);
  expect([2, 3]).toContain(exitCode);
  expect(stderr).toMatch(message);
  expect(await readdir(folder)).toEqual([]);
});

test('a package.json that is none is told, and nothing is written', async () => {
  await writeFile(join(folder, 'package.json'), '{ "name": ');
  const { exitCode, stderr } = await init();
  expect(exitCode).toBe(3);
  expect(stderr).toContain("can't add to package.json: it is not JSON");
  expect(await readdir(folder)).toEqual(['package.json']);
});

test('what was there is as it was when the rest can not be written', async () => {
  await mkdir(join(folder, 'configs'));
  await writeFile(join(folder, 'configs/sweepline.yaml'), 'mine');
  // A folder where the config would be.
  await mkdir(join(folder, 'configs/synthetic-17m-cpu-llamacpp.yaml'));
  const { exitCode } = await init('--force');
  expect(exitCode).not.toBe(0);
  expect(await read('configs/sweepline.yaml')).toBe('mine');
  expect(await readdir(folder)).toEqual(['configs']);
});

test.each([
  ['qwen2-0.5b-q4_k_m.gguf', 'int4'],
  ['Qwen3-8B-IQ3_S.gguf', 'int3'],
  ['model-f16.gguf', 'fp16'],
  ['model-BF16.gguf', 'bf16'],
  ['model.Q8_0.gguf', 'int8'],
])('reads the precision of %s from its name', async (name, precision) => {
  await writeFile(join(folder, name), '');
  expect((await init('--model', name)).exitCode).toBe(0);
  const config = (await readdir(join(folder, 'configs'))).find((file) => file !== 'sweepline.yaml') ?? '';
  const text = await read(`configs/${config}`);
  expect(text).toContain(`precision: ${precision}\n`);
  expect(text).toContain(join(folder, name));
});

test('asks for the precision of a file whose name has none', async () => {
  await writeFile(join(folder, 'model.gguf'), '');
  const { exitCode, stderr } = await init('--model', 'model.gguf');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--precision');
  expect((await init('--model', 'model.gguf', '--precision', 'int4')).exitCode).toBe(0);
});

test.each([
  ['openai/gpt-oss-120b', 'gptoss', 'fp4', 1],
  ['deepseek-ai/DeepSeek-R1-0528', 'dsr1', 'fp8', 8],
  ['nvidia/DeepSeek-R1-0528-FP4-V2', 'dsr1', 'fp4', 8],
  ['meta-llama/Llama-3.1-8B-Instruct', 'llama-3-1-8b-instruct', 'bf16', 1],
  ['Qwen/Qwen3-8B-AWQ', 'qwen3-8b-awq', 'int4', 1],
])('knows how configs call %s', async (model, prefix, precision, tp) => {
  await init('--hardware', 'h200', '--model', model);
  const text = await read(`configs/${prefix}-h200-vllm.yaml`);
  expect(text).toContain(`precision: ${precision}\n`);
  expect(text).toContain(`tp: ${tp},`);
  expect(await read('configs/sweepline.yaml')).toContain('h200: { sku: h200, launcher: docker }');
});

test('names nothing that starts containers for what is installed', async () => {
  await init('--hardware', 'h200', '--model', 'a/b', '--image', 'host');
  expect(await read('configs/sweepline.yaml')).not.toContain('docker');
  expect(await json('package.json')).not.toHaveProperty('dependencies.@sweepline/launcher-docker');
});
