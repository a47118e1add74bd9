import type {
  FrameworkPlugin,
  HttpAnswer,
  Job,
  PlanContext,
  ServePlan,
  SingleNodeJob,
  Sku,
} from '@sweepline/core';
import { expect, test } from 'vitest';
import plugins, { llamacpp } from '../dist/index.js';
import { startTiny } from './server-process.js';

const job: SingleNodeJob = {
  image: 'host',
  model: 'synthetic:17m',
  'model-prefix': 'synthetic',
  precision: 'q4_0',
  framework: 'llamacpp',
  runner: 'cpu',
  isl: 128,
  osl: 32,
  'spec-decoding': 'none',
  'max-model-len': 360,
  'exp-name': 'synthetic_128_32',
  disagg: false,
  'run-eval': false,
  tp: 1,
  ep: 1,
  'dp-attn': false,
  conc: 8,
};
const sku: Sku = { name: 'cpu', vendor: 'unknown', device: 'cpu', devicesPerNode: 1, sources: [] };
const plugin: FrameworkPlugin = llamacpp;

/** What the plugin reads from one log, by name. */
const effective = (text: string): unknown => {
  const log = { role: 'server', replica: 0, rank: 0, file: 'server-0.log', text };
  const settings = plugin.effective?.({ logs: [log], http: [] }) ?? [];
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
};

function contextOf(options: object, concurrency = job.conc): PlanContext {
  const framework = (): never => {
    throw new Error('it builds on no other framework');
  };
  return { job, concurrency, sku, options: plugin.options?.parse(options), strict: false, framework };
}

const plan = (options: object, concurrency?: number) =>
  plugin.plan(contextOf(options, concurrency)) as ServePlan;

test('plans a slot, with context for the whole request, for each request in flight', () => {
  const [role] = plan({}).roles;
  const argv = role?.argv ?? [];
  const flag = (name: string) => argv[argv.indexOf(name) + 1];
  expect([argv[0], argv.at(-1)]).toEqual(['node', '--exit-with-parent']);
  expect([flag('--model'), flag('--alias'), flag('--parallel'), flag('--ctx-size')]).toEqual([
    job.model,
    job.model,
    '8',
    // llama.cpp gives each slot a multiple of 256.
    '4096',
  ]);
  expect(flag('--port')).toEqual([{ ref: 'port', role: role?.name, name: role?.ports[0]?.name }]);
  expect(plan({}).client).toMatchObject({
    model: job.model,
    numPrompts: 80,
    ignoreEos: true,
    vocabulary: { end: 2048 },
  });
  expect(plan({ 'batch-size': 64 }, 100).roles[0]?.argv).toContain('100');
});

test('plans a container for an image, whose launcher ends it', () => {
  const context = { ...contextOf({}), job: { ...job, image: 'org/llama:1', precision: 'int4' } };
  expect(plugin.rejects?.(context)).toBeUndefined();
  const [role] = (plugin.plan(context) as ServePlan).roles;
  expect(role?.runtime).toEqual({ kind: 'container', image: 'org/llama:1' });
  expect(role?.argv).not.toContain('--exit-with-parent');
});

test('plans llama-server without its caches, and refuses to give it a model that is no file', () => {
  const { argv, runtime } = plan({ server: '/opt/llama-server', model: '/models/a.gguf' }).roles[0]!;
  expect(argv.slice(0, 3)).toEqual(['/opt/llama-server', '--model', '/models/a.gguf']);
  expect(argv).toEqual(
    expect.arrayContaining(['--no-cache-prompt', '--cache-ram', '0', '--metrics', '--no-webui']),
  );
  expect(runtime).toEqual({ kind: 'host' });
  expect(() => plan({ server: 'llama-server' })).toThrow("llama-server can't serve synthetic:17m");
});

test('refuses unknown options and sizes', () => {
  const parse = (options: object) => plugin.options?.safeParse(options).success;
  expect([
    parse({ thread: 1 }),
    parse({ model: 'synthetic:70b' }),
    parse({ model: 'synthetic:tiny' }),
  ]).toEqual([false, false, true]);
});

test('rejects every kind of parallelism that it has not, with the job that would do', () => {
  const sound = { ...job, precision: 'int4' };
  expect(plugin.rejects?.({ ...contextOf({}), job: sound })).toBeUndefined();
  const context = {
    ...contextOf({}),
    job: { ...sound, tp: 2, 'spec-decoding': 'mtp' as const },
    sku: { ...sku, device: 'gpu' },
  };
  const rejection = plugin.rejects?.(context);
  expect(rejection?.reason).toMatch(/CPU.*tensor parallelism.*speculatively/);
  expect(rejection?.nearest).toEqual({ runner: 'cpu', tp: 1, 'spec-decoding': 'none' });
});

test('rejects jobs over several nodes, and replays of traces', () => {
  const worker = { 'num-worker': 1, tp: 1, ep: 1, 'dp-attn': false };
  for (const fields of [
    { prefill: worker, decode: worker, conc: [8] },
    { 'scenario-type': 'agentic-coding' },
  ]) {
    const other = { ...job, ...fields } as unknown as Job;
    expect(plugin.rejects?.({ ...contextOf({}), job: other })?.reason).toMatch(/fixed lengths on one node/);
  }
});

test('refuses weights of another precision, whatever its name', () => {
  const context = contextOf({});
  expect(plugin.rejects?.({ ...context, job: { ...job, precision: 'int4' } })).toBeUndefined();
  for (const precision of ['fp8', '../../x'])
    expect(plugin.rejects?.({ ...context, job: { ...job, precision } })).toEqual({
      reason: `llamacpp: the weights of synthetic:17m are int4 (Q4_0), and not ${precision}`,
      nearest: { precision: 'int4' },
    });
});

test("reads the effective settings from either server's log", async () => {
  await using server = await startTiny('--parallel', '2', '--ctx-size', '512');
  await server.stop();
  expect(effective(server.lines.join('\n'))).toMatchObject({
    engine: 'node-llama-cpp',
    threads: '1',
    parallel: '2',
    'ctx-size': '512',
    model: 'synthetic:tiny',
  });
  const log =
    'build: 6123 (79c1160b) with cc\nsystem_info: n_threads = 4 (n_threads_batch = 4) / 8\nllama_context: n_seq_max     = 8\nllama_context: n_ctx         = 2880\n';
  expect(effective(log)).toEqual({
    engine: 'llama-server',
    'engine-version': '6123 (79c1160b)',
    threads: '4',
    parallel: '8',
    'ctx-size': '2880',
  });
  expect(effective('')).toEqual({});
});

/** What llama-server 7e4c0a9 answers and logs: its log has none of these lines by default, and with `-lv 4` another form of the build's. */
test('reads what llama-server runs with from its answers, where its log says nothing', () => {
  const log = (text: string) => ({ role: 'server', replica: 0, rank: 0, file: 'server-0.log', text });
  const props = {
    default_generation_settings: { n_ctx: 512 },
    ...{ total_slots: 4, model_path: '/models/SmolLM2-135M-Instruct.Q4_1.gguf', model_ftype: 'Q4_1' },
    build_info: 'b1-7e4c0a9',
  };
  const read = (text: string, http: readonly HttpAnswer[]) =>
    Object.fromEntries(
      (plugin.effective?.({ logs: [log(text)], http }) ?? []).map(({ name, value }) => [name, value]),
    );
  const answers = [
    { path: '/props', when: 'before-load' as const, status: 200, body: JSON.stringify(props) },
  ];

  expect(read('main: server is listening on http://127.0.0.1:8080\n', answers)).toMatchObject({
    engine: 'llama-server',
    'engine-version': 'b1-7e4c0a9',
    parallel: '4',
    'ctx-per-slot': '512',
    model: '/models/SmolLM2-135M-Instruct.Q4_1.gguf',
  });
  expect(
    read('build 1 (7e4c0a9) with cc for x86_64\nllama_context: n_ctx         = 2048\n', []),
  ).toMatchObject({
    'engine-version': '1 (7e4c0a9)',
    'ctx-size': '2048',
  });
});

test('the package exports the plugin', () => {
  expect(plugins.map(({ kind, name }) => `${kind}:${name}`)).toEqual(['framework:llamacpp']);
});
