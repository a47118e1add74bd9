import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const TRACE = JSON.stringify({ timestamp: 0, input_length: 10, output_length: 2 });

/** An entry whose scenario has a load; the load is on line 12 of the file. */
function entryWith(load: string, space = '{ tp: 1, conc-list: [2] }'): string {
  return acmeEntry('one').replace(
    /    - \{ isl.*\n/,
    `    - isl: 40\n      osl: 5\n      load: ${load}\n      search-space: [${space}]\n`,
  );
}

const AUGUST = `one:
  image: host
  model: fake-model
  model-prefix: one
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  scenarios:
    fixed-seq-len:
      - isl: 40
        osl: 5
        load: { arrival: { pattern: poison, rate: 1 }, duration: 5 }
        search-space: [{ tp: 1, conc-list: [2] }]
`;

const RATE = 'arrival: { pattern: poisson, rate: [1, 2] }';

const REFUSED: readonly [string, string, RegExp][] = [
  [
    'a misspelt pattern',
    '{ arrival: { pattern: poison, rate: 1 }, duration: 5 }',
    /12:26.*got "poison"; did you mean "poisson"\?/,
  ],
  ['a misspelt kind', '{ workload: { kind: sharegtp, path: t } }', /12:27.*did you mean "sharegpt"\?/],
  [
    'no pattern',
    '{ arrival: { rate: 1 }, duration: 5 }',
    /missing field "pattern"; expected one of closed-loop,/,
  ],
  [
    'a misspelt field',
    '{ workload: { kind: mooncake, path: t.jsonl, max-token: 5 } }',
    /12:\d+.*"max-tokens"\?/,
  ],
  [
    'a field of load specs',
    '{ workload: { kind: mooncake, path: t.jsonl, maxTokens: 5 } }',
    /"max-tokens"\?/,
  ],
  [
    'another misspelt part',
    '{ wrokload: { kind: random } }',
    /12:15.*unknown field "wrokload"; did you mean "workload"/,
  ],
  ['no map', 'poisson', /12:7.*expected a map of fields, got "poisson"/],
  [
    'a rate in a closed loop',
    '{ arrival: { pattern: closed-loop, rate: [1] } }',
    /12:\d+.*no rate with closed-loop: constant, gamma, poisson have one/,
  ],
  ['a time of a closed loop', '{ duration: 5 }', /12:\d+.*duration: expected none with closed-loop/],
  ['no time of a schedule', `{ ${RATE} }`, /12:\d+.*duration: expected seconds/],
  ['a rate twice', '{ arrival: { pattern: poisson, rate: [1, 1] }, duration: 5 }', /each rate once/],
  ['no rate at all', '{ arrival: { pattern: poisson, rate: [] }, duration: 5 }', /rate/],
  [
    'more requests than memory holds',
    '{ arrival: { pattern: poisson, rate: 1000000 }, duration: 1000 }',
    /duration: expected fewer seconds/,
  ],
  [
    'a replay of prompts without times',
    '{ arrival: { pattern: replay } }',
    /12:\d+.*pattern: expected another one with random prompts/,
  ],
  [
    'a prefix as long as the prompt',
    '{ workload: { kind: random, prefix-len: 40 } }',
    /12:\d+.*prefix-len: expected less than isl, which is 40/,
  ],
  [
    "conversations that don't fit",
    '{ workload: { kind: multi-turn, turns: { min: 2, max: 4 }, first-len: 10, next-len: 10 } }',
    /turns: expected conversations within isl, which is 40.*has 55 tokens/,
  ],
  [
    'turns the wrong way round',
    '{ workload: { kind: multi-turn, turns: { min: 3, max: 2 }, first-len: 1, next-len: 1 } }',
    /min must be no more than max/,
  ],
  [
    'a pause the wrong way round',
    '{ workload: { kind: multi-turn, turns: { min: 1, max: 1 }, first-len: 1, next-len: 1, think: { distribution: uniform, min-ms: 5, max-ms: 1 } } }',
    /12:\d+.*minMs must be no more than maxMs/,
  ],
  [
    'a data set that is missing',
    '{ workload: { kind: mooncake, path: gone.jsonl } }',
    /12:\d+.*can't read the data set .*gone\.jsonl[^]*relative to the config's folder/,
  ],
  [
    'a data set that is a folder',
    '{ workload: { kind: mooncake, path: ../configs } }',
    /can't read the data set/,
  ],
  [
    'a data set that is too small',
    '{ workload: { kind: mooncake, path: t.jsonl } }',
    /load: the trace has 1 requests that fit, but 20 are asked for/,
  ],
  ['a data set that is no trace', `{ workload: { kind: mooncake, path: acme.yaml } }`, /load: not JSON/],
  [
    'texts for an engine of ids',
    '{ workload: { kind: sharegpt, path: t.jsonl } }',
    /load: sharegpt prompts are texts, and the engine takes only token ids/,
  ],
  [
    'a concurrency in two places',
    '{ arrival: { pattern: closed-loop, concurrency: 4 } }',
    /concurrency: expected either here or in search spaces, not both/,
  ],
];

describe('a load that can not work', () => {
  it.each(REFUSED)('is refused by validate and by sweep: %s', async (_, load, finding) => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': entryWith(load),
      'configs/t.jsonl': TRACE,
    });

    const validated = await runCli(['validate'], workspace.root);
    const swept = await runCli(['sweep'], workspace.root);

    expect(validated.stdout).toMatch(finding);
    expect(validated.stdout).toMatch(/acme\.yaml:1[012]:\d+: error/);
    expect(validated.exitCode).toBe(3);
    expect(swept).toMatchObject({ exitCode: 3, stdout: '' });
    expect(swept.stderr).toContain('acme.yaml:1');
    const [message = ''] = /(?<=error \S+: ).*(?= \(key)/.exec(validated.stdout) ?? [];
    expect(message).not.toBe('');
    expect(swept.stderr).toContain(message);
  });

  it('is refused in configs of August 2026, too', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': AUGUST });
    const { exitCode, stdout } = await runCli(['validate'], workspace.root);
    expect(stdout).toMatch(/acme\.yaml:13:28: error CONFIG_INVALID: .*did you mean "poisson"\?/);
    expect(exitCode).toBe(3);
  });

  it('needs a tokenizer where its prompts are chosen by tokens', async () => {
    const load = '{ workload: { kind: sharegpt, path: t.jsonl } }';
    const entry = entryWith(load).replace('options: {}', 'options: { client: { promptForm: auto } }');
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': entry, 'configs/t.jsonl': '[]' });
    const { stdout } = await runCli(['validate'], workspace.root);
    expect(stdout).toMatch(/sharegpt prompts need a tokenizer, and fake-model has none[^]*client\.tokenizer/);
  });
});

describe('loads in configs', () => {
  const jobsOf = async (yaml: string, args: readonly string[] = []) => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': yaml, 'configs/t.jsonl': TRACE });
    const { stdout, stderr } = await runCli(['matrix', ...args], workspace.root);
    return { jobs: JSON.parse(stdout || '[]') as readonly Record<string, unknown>[], stderr };
  };

  it.each([
    ['2026-02', entryWith(`{ ${RATE}, duration: 5 }`, '{ tp: 1, conc-list: [2, 4] }')],
    [
      '2026-08',
      AUGUST.replace('poison, rate: 1', 'poisson, rate: [1, 2]').replace(
        'conc-list: [2]',
        'conc-list: [2, 4]',
      ),
    ],
  ])('are a job per rate and concurrency, which caps: %s', async (_, yaml) => {
    const { jobs } = await jobsOf(yaml);
    expect(jobs.map(({ conc, load }) => [conc, load])).toEqual(
      [1, 2].flatMap((rate) =>
        [2, 4].map((conc) => [conc, { arrival: { pattern: 'poisson', rate }, duration: 5 }]),
      ),
    );
  });

  it('take their concurrency from the arrival where search spaces have none', async () => {
    const load = '{ arrival: { pattern: poisson, rate: 1, concurrency: 7 }, duration: 5 }';
    const { jobs } = await jobsOf(entryWith(load, '{ tp: 1 }'));
    expect(jobs).toMatchObject([{ conc: 7, load: { arrival: { pattern: 'poisson', rate: 1 } } }]);
    expect(jobs[0]?.['load']).not.toHaveProperty('arrival.concurrency');
  });

  it("are no loads where they are InferenceX's own", async () => {
    const [plain, written] = await Promise.all([
      jobsOf(entryWith('{ }')),
      jobsOf(entryWith('{ workload: { kind: random }, arrival: { pattern: closed-loop } }')),
    ]);
    expect(written.jobs).toEqual(plain.jobs);
    expect(plain.jobs).toHaveLength(1);
    expect(plain.jobs[0]).not.toHaveProperty('load');
  });

  it('name data sets by their content', async () => {
    const { jobs } = await jobsOf(entryWith('{ workload: { kind: mooncake, path: ./t.jsonl } }'));
    expect(jobs).toMatchObject([
      {
        load: {
          workload: {
            kind: 'mooncake',
            path: './t.jsonl',
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          },
        },
      },
    ]);
  });

  it('are told by --explain', async () => {
    const { stderr } = await jobsOf(entryWith(`{ ${RATE}, duration: 5 }`), ['--explain']);
    expect(stderr).toContain('conc-list 2: 2 on acme-x1, each with poisson for 5 s at 1, 2/s');
  });
});
