import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML, type TestWorkspace } from '../workspace.js';

const TRACE = [0, 40, 80, 120]
  .map((timestamp) =>
    JSON.stringify({ timestamp, input_length: 20, output_length: 4, hash_ids: [1, timestamp + 2] }),
  )
  .join('\n');

const LENGTHS = '      isl: 40\n      osl: 5\n';
const SPACE = '      search-space: [{ tp: 1, conc-list: [4] }]\n';
const scenario = (load: string) => `    - load: ${load}\n${LENGTHS}${SPACE}`;

/** Five points: InferenceX's own, two rates, a replayed trace, and a workload in a closed loop. */
const ENTRY = acmeEntry('one', { options: { args: ['--token-ms', '2'] } }).replace(
  /    - \{ isl.*\n/,
  [
    `    - isl: 40\n      osl: 5\n${SPACE}`,
    scenario('{ arrival: { pattern: constant, rate: [50, 25] }, duration: 0.4 }'),
    scenario(
      '{ workload: { kind: mooncake, path: data/t.jsonl, block-tokens: 10 }, arrival: { pattern: replay, speed: 2 } }',
    ),
    scenario('{ workload: { kind: shared-prefix, prefixes: 2, prefix-len: 30 } }'),
  ].join(''),
);

async function swept(): Promise<TestWorkspace & { readonly outcome: { exitCode?: number; stdout: string } }> {
  const workspace = await makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
    'configs/acme.yaml': ENTRY,
    'configs/data/t.jsonl': TRACE,
  });
  const outcome = await workspace.cli(['sweep', '--allow-invalid']);
  return Object.assign(workspace, { outcome });
}

describe('a sweep of other loads', () => {
  it("sends what they ask for, keeps their rows out of InferenceX's files, and reports them apart", async () => {
    await using workspace = await swept();
    const { outcome } = workspace;
    const results = await workspace.results();
    expect(results.map(({ state, load }) => [state, load])).toEqual([
      ['completed', undefined],
      ['completed', { text: 'constant for 0.4 s', rate: 50 }],
      ['completed', { text: 'constant for 0.4 s', rate: 25 }],
      [
        'completed',
        {
          text: expect.stringMatching(
            /^mooncake t\.jsonl \([0-9a-f]{8}\) block-tokens 10, replay speed 2$/,
          ) as string,
        },
      ],
      ['completed', { text: 'shared-prefix prefixes 2 prefix-len 30' }],
    ]);
    expect(outcome.exitCode).toBe(0);

    const runs = await Promise.all(results.map(({ name }) => workspace.records(name)));
    expect(
      runs.map(({ spec: { arrival, numPrompts, numWarmups } }) => ({ arrival, numPrompts, numWarmups })),
    ).toEqual([
      { arrival: { pattern: 'closed-loop', concurrency: 4 }, numPrompts: 40, numWarmups: 8 },
      { arrival: { pattern: 'constant', rate: 50, concurrency: 4 }, numPrompts: 20, numWarmups: 4 },
      { arrival: { pattern: 'constant', rate: 25, concurrency: 4 }, numPrompts: 10, numWarmups: 2 },
      {
        arrival: { pattern: 'replay', timesMs: [0, 40, 80, 120], speed: 2, concurrency: 4 },
        numPrompts: 4,
        numWarmups: 1,
      },
      { arrival: { pattern: 'closed-loop', concurrency: 4 }, numPrompts: 40, numWarmups: 8 },
    ]);
    const [, fast, , trace, shared] = runs;
    const due = fast?.requests.map(({ scheduledMs }) => scheduledMs) ?? [];
    expect(due.map((ms) => Math.round(ms - (due[0] ?? 0)))).toEqual(due.map((_, index) => index * 20));
    expect(trace?.requests.map(({ serverPromptTokens }) => serverPromptTokens)).toEqual([20, 20, 20, 20]);
    expect(trace?.spec.prompts).toMatchObject({ kind: 'mooncake', maxTokens: 45, form: 'token-ids' });
    expect(shared?.spec.prompts).toMatchObject({ prefixLen: 30, suffixLen: 10, outputLen: 5, prefixes: 2 });

    const withheld = results.map((result) => (result.state === 'completed' ? (result.withheld ?? '') : ''));
    expect(withheld[0]).toBe('');
    expect(withheld[1]).toBe("its load is not InferenceX's: constant for 0.4 s at 50/s");
    for (const reason of withheld.slice(1)) expect(reason).toMatch(/^its load is not InferenceX's: /);
    const rows = JSON.parse(await workspace.readRunFile('results_bmk/agg_bmk.json')) as readonly object[];
    expect(rows).toHaveLength(1);
    const [{ name: plain } = { name: '' }, { name: rated } = { name: '' }] = results;
    expect(rated).toContain('_conc4_constant-50rps_');
    await expect(workspace.readRunFile(`bmk_${plain}/agg_${plain}.json`)).resolves.not.toContain('load');
    await expect(workspace.readRunFile(`bmk_${rated}/agg_${rated}.json`)).rejects.toThrow('ENOENT');
    const raw = JSON.parse(await workspace.readRunFile(`points/${rated}/raw.json`)) as object;
    expect(raw).toMatchObject({ request_rate: 50, burstiness: 'inf', max_concurrency: 4, num_prompts: 20 });

    const table = outcome.stdout.split('\n').filter((line) => /(completed|invalid)/.test(line));
    expect(outcome.stdout).toMatch(/^Model one, .*\n\nLoad +Conc +Rate\/s /);
    expect(table.map((line) => /constant for 0\.4 s +4 +(\d+)/.exec(line)?.[1])).toEqual([
      undefined,
      '25',
      '50',
      undefined,
      undefined,
    ]);
    const summary = await workspace.readRunFile('summary.md');
    const [own = '', others = ''] = summary.split('## Single-Node Results of Other Loads');
    expect(own).not.toContain('Rate (1/s)');
    expect(own.match(/\| one /g)).toHaveLength(1);
    expect(others).toMatch(/\| +Load +\| +Rate \(1\/s\) +\|/);
    expect(others).toMatch(/\| constant for 0\.4 s +\| +25 +\|/);
    const csv = await workspace.cli(['report', '--format', 'csv']);
    const [header = '', ...lines] = csv.stdout.split('\r\n');
    const column = (line: string, key: string) => line.split(',')[header.split(',').indexOf(key)];
    expect(lines.slice(0, 3).map((line) => [column(line, 'load'), column(line, 'offered_rate')])).toEqual([
      ['', ''],
      ['constant for 0.4 s', '25'],
      ['constant for 0.4 s', '50'],
    ]);
  });

  it('is planned as it is run', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': ENTRY,
      'configs/data/t.jsonl': TRACE,
    });
    const [text, json] = await Promise.all([workspace.cli(['plan']), workspace.cli(['plan', '--json'])]);
    expect(text.stdout).toContain(
      'client: 4 warm-ups, 20 prompts, 40 in / 5 out, concurrency 4, constant for 0.4 s at 50/s',
    );
    expect(text.stdout).toMatch(/client: the requests of its data set, .*, mooncake t\.jsonl/);
    const plans = JSON.parse(json.stdout) as readonly { job: object; client: object }[];
    expect(plans[1]).toMatchObject({
      job: { load: { arrival: { pattern: 'constant', rate: 50 }, duration: 0.4 } },
      client: { numPrompts: 20, numWarmups: 4, concurrency: 4, load: 'constant for 0.4 s', rate: 50 },
    });
    expect(plans[0]?.client).not.toHaveProperty('load');
    const matrix = await workspace.cli(['matrix']);
    await workspace.write('m.json', matrix.stdout);
    expect((await workspace.cli(['plan', '--matrix', 'm.json', '--json'])).stdout).toBe(json.stdout);
  });

  it('fails a point whose data set has changed since the sweep began', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': ENTRY,
      'configs/data/t.jsonl': TRACE,
    });
    const sweep = workspace.start(['sweep', '--allow-invalid']);
    await once(sweep.stderr, 'data');
    // The first point has begun, or is about to; the trace is for the fourth.
    await workspace.write('configs/data/t.jsonl', `${TRACE}\n`);
    expect(await sweep).toMatchObject({ exitCode: 1 });
    const results = await workspace.results();
    expect(results.map(({ state }) => state)).toEqual([
      'completed',
      'completed',
      'completed',
      'failed',
      'completed',
    ]);
    expect(results[3]).toMatchObject({
      error: { code: 'WORKLOAD_INVALID', message: 'the data set has changed since the sweep began' },
    });
  });
});
