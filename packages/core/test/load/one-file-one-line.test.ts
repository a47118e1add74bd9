import { appendFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { startFakeServer } from '../../src/testing/index.js';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

const CORE = join(import.meta.dirname, '../..');

/** A pattern: groups of several requests at once, `rate` groups per second. */
const BURSTS = `
import { z } from 'zod';
import { positiveInteger } from '../spec/flags.js';
import { neededRate, limitOf } from './bench-rate.js';
import { rate, scheduled } from './schedule.js';

export const bursts = {
  name: 'bursts',
  schema: z.strictObject({
    pattern: z.literal('bursts'),
    rate,
    groupSize: z.number().int().positive().describe('Requests of a burst.'),
    ...scheduled,
  }),
  schedule: ({ rate, groupSize }) => (index) => (Math.floor(index / groupSize) * 1000) / rate,
  rate: ({ rate, groupSize }) => rate * groupSize,
  bench: {
    flags: { burstSize: { takes: '<n>', help: 'bursts: requests of a burst', parse: positiveInteger, default: 2, only: true } },
    toSpec: (options) => ({
      pattern: 'bursts',
      rate: neededRate(options, 'bursts'),
      groupSize: options.burstSize,
      ...limitOf(options),
    }),
  },
};
`;

/** A workload: as many equal prompts as asked for. */
const EQUAL = `
import { z } from 'zod';
import { positiveInteger } from '../spec/flags.js';
import { PromptStoreBuilder } from '../prompts/prompt-store.js';

const stored = (count, { id, inputLen, outputLen }) => {
  const store = new PromptStoreBuilder();
  const lengths = { promptTokens: inputLen, requestedPromptTokens: inputLen, requestedOutputTokens: outputLen };
  for (let i = 0; i < count; i++) store.add(JSON.stringify(Array(inputLen).fill(id)), lengths);
  return { kind: 'stored', store: store.build() };
};

export const equal = {
  name: 'equal',
  schema: z.strictObject({
    kind: z.literal('equal'),
    id: z.number().int().nonnegative(),
    inputLen: z.number().int().positive(),
    outputLen: z.number().int().positive(),
  }),
  make: async (prompts, { spec }) => ({
    facts: { form: 'token-ids', notes: [] },
    measured: stored(spec.numPrompts, prompts),
    warmups: stored(spec.numWarmups, { ...prompts, id: 9 }),
  }),
  bench: {
    flags: { equalId: { takes: '<id>', help: 'equal: the id', parse: positiveInteger, default: 7, only: true } },
    toSpec: ({ equalId, inputLen, outputLen }) => ({ kind: 'equal', id: equalId, inputLen, outputLen }),
  },
  scenario: {
    fields: ['id'],
    needs: ['id'],
    toSpec: (given, { isl, osl }) => ({ kind: 'equal', ...given, inputLen: isl, outputLen: osl }),
  },
};
`;

/** A copy of the built Sweepline with one more pattern and one more workload, each added with one file and one line. */
async function extended(root: string): Promise<string> {
  const core = join(root, 'core');
  for (const part of ['dist', 'bin', 'package.json']) {
    await cp(join(CORE, part), join(core, part), { recursive: true });
  }
  // Makes the copy find its imports, like the original.
  await symlink(join(CORE, 'node_modules'), join(core, 'node_modules'));
  await symlink(join(dirname(dirname(CORE)), 'node_modules'), join(dirname(core), 'node_modules'));
  // Uses the output of tsc: files added next to it are not in the bundle.
  await writeFile(join(core, 'bin/sweepline.js'), "import '../dist/cli/main.js';\n");
  const load = join(core, 'dist/load');
  await writeFile(join(load, 'arrival/bursts.js'), BURSTS);
  await appendFile(join(load, 'arrival/patterns.js'), "\nexport { bursts } from './bursts.js';\n");
  await writeFile(join(load, 'workloads/equal.js'), EQUAL);
  await appendFile(join(load, 'workloads/kinds.js'), "\nexport { equal } from './equal.js';\n");
  return core;
}

it('a new arrival pattern and a new workload are one file and one line each, in bench and in configs', async () => {
  const entry = acmeEntry('one').replace(
    /    - \{ isl.*\n/,
    `    - isl: 6
      osl: 3
      load:
        workload: { kind: equal, id: 5 }
        arrival: { pattern: bursts, rate: [20, 40], group-size: 3 }
        duration: 0.2
      search-space: [{ tp: 1, conc-list: [8] }]
`,
  );
  await using workspace = await makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
    'configs/acme.yaml': entry,
  });
  await using server = await startFakeServer();
  await mkdir(join(workspace.root, 'other'));
  const core = await extended(join(workspace.root, 'other'));
  const cli = (...args: string[]) =>
    execa(process.execPath, [join(core, 'bin/sweepline.js'), ...args], {
      cwd: workspace.root,
      reject: false,
    });
  const endpoint = [
    '--allow-invalid',
    '--base-url',
    server.url,
    '--model',
    'fake-model',
    '--num-prompts',
    '4',
  ];
  const load = [
    '--dataset-name',
    'equal',
    '--equal-id',
    '6',
    '--random-input-len',
    '5',
    '--random-output-len',
    '2',
  ];

  // Core's own reader refuses unknown kinds.
  const linesOf = async (file: string): Promise<unknown[]> =>
    (await workspace.read(file))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  const benched = await cli(
    ...['bench', ...endpoint, ...load, '--arrival', 'bursts', '--request-rate', '20', '--burst-size', '2'],
    ...['--keep-records', 'R.jsonl', '--save-result', '--result-filename', 'F.json'],
  );
  expect(benched).toMatchObject({ exitCode: 0 });
  const [head, ...requests] = (await linesOf('R.jsonl')) as [{ spec: object }, ...{ scheduledMs: number }[]];
  expect(head.spec).toMatchObject({
    prompts: { kind: 'equal', id: 6, inputLen: 5, outputLen: 2 },
    arrival: { pattern: 'bursts', rate: 20, groupSize: 2 },
  });
  expect(server.requests.at(-1)?.body['prompt']).toEqual([6, 6, 6, 6, 6]);
  const due = requests
    .slice(0, -1)
    .map(({ scheduledMs }) => Math.round(scheduledMs - (requests[0]?.scheduledMs ?? 0)));
  expect(due).toEqual([0, 0, 50, 50]);
  expect(JSON.parse(await workspace.read('F.json'))).toMatchObject({ request_rate: 40 });
  const refused = await cli('bench', ...endpoint, '--burst-size', '3');
  expect(refused.stderr).toContain('--burst-size works only with --arrival bursts');
  expect((await cli('bench', '--help')).stdout).toMatch(/--burst-size <n> +bursts: requests of a burst/);

  expect(await cli('validate')).toMatchObject({ exitCode: 0 });
  const swept = await cli('sweep', '--allow-invalid');
  expect(swept).toMatchObject({ exitCode: 0 });
  const results = await workspace.results();
  expect(results.map(({ state, load: loaded }) => [state, loaded])).toEqual(
    [20, 40].map((rate) => ['completed', { text: 'equal id 5, bursts group-size 3 for 0.2 s', rate }]),
  );
  const runs = await Promise.all(
    results.map(
      async ({ name }) => (await workspace.readRunFile(`points/${name}/records.jsonl`)).split('\n')[0] ?? '',
    ),
  );
  expect(runs.map((head) => (JSON.parse(head) as { spec: object }).spec)).toMatchObject([
    {
      prompts: { kind: 'equal', id: 5, inputLen: 6, outputLen: 3 },
      numPrompts: 12,
      arrival: { pattern: 'bursts', concurrency: 8 },
    },
    { numPrompts: 24, arrival: { rate: 40, groupSize: 3 } },
  ]);

  await workspace.write('configs/acme.yaml', entry.replace('bursts', 'burst'));
  expect((await cli('validate')).stdout).toMatch(/got "burst"; did you mean "bursts"\?/);
});
