import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { latestRun, readRun, type CommandContext } from '@sweepline/core';
import { describe, expect, it } from 'vitest';
import auditCommand from '../src/commands/audit.js';

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly severity: string;
  readonly waivedBy?: object;
}

interface Report {
  readonly status: string;
  readonly rules: readonly { readonly rule: string; readonly findings: readonly Finding[] }[];
  readonly unused: readonly object[];
}

/** Audits files in a folder of their own; findings as `rule file:line severity`. */
async function audited(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-audit-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
    const out: string[] = [];
    const context: CommandContext = {
      ...{ args: ['--json'], cwd: root, root, resultsDir: join(root, 'results') },
      terminal: { stdout: (text) => void out.push(text), stderr() {}, interactive: false, columns: 200 },
      logger: { info() {}, warn() {}, error() {} },
      runs: { latest: () => latestRun(root), read: readRun },
      skus: () => Promise.resolve([]),
      signal: new AbortController().signal,
    };
    const exitCode = await auditCommand(context);
    const report = JSON.parse(out.join('')) as Report;
    const findings = report.rules.flatMap(({ rule, findings: all }) =>
      all.map(({ file, line, severity }) => `${rule} ${file}:${line} ${severity}`),
    );
    return { exitCode, report, findings };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const SCRIPT = 'benchmarks/single_node/fixed_seq_len/a.sh';
const config = (image: string, framework: string, osl = 1024) =>
  `a:\n  image: ${image}\n  framework: ${framework}\n  scenarios:\n    fixed-seq-len:\n    - isl: 1024\n      osl: ${osl}\n`;

describe('sweepline audit', () => {
  it('finds in a run what its results were marked for, and not in the workspace that it lies in', async () => {
    const marks = [
      { code: 'cached-prompts', severity: 'invalid', message: '90 % of the prompts were cached' },
      { code: 'acceptance-injected', severity: 'note', message: 'X orders 2.4 tokens a step' },
      { code: 'server-stall', severity: 'invalid', message: 'it stood still' },
    ];
    const result = JSON.stringify({ schema: 'sweepline.result/2', marks }, null, 2);
    const { exitCode, findings } = await audited({
      'run/points/a/result.json': result,
      'run/result.json': '{',
    });
    const line = (code: string) => result.split('\n').findIndex((text) => text.includes(code)) + 1;
    expect([exitCode, findings]).toEqual([
      7,
      [
        `acceptance-length run/points/a/result.json:${line('acceptance-injected')} look`,
        `prefix-cache run/points/a/result.json:${line('cached-prompts')} red`,
      ],
    ]);
    expect((await audited({ 'results/run/points/a/result.json': result })).findings).toEqual([]);
  });

  it.each<[rule: string, file: string, text: string, about?: string]>([
    ['engine-patches', SCRIPT, 'git apply fix.patch'],
    ['engine-patches', SCRIPT, "sed -i '417d' /usr/lib/python3.12/dist-packages/tensorrt_llm/x.py"],
    ['engine-patches', SCRIPT, "sed -i '/a/{\nb\n}' /sgl-workspace/x.py"],
    ['flop-cuts', SCRIPT, `--hf-overrides '{"num_hidden_layers": 2}'`],
    ['acceptance-length', SCRIPT, 'export SGLANG_SIMULATE_ACC_LEN=3.5'],
    ['prefix-cache', SCRIPT, 'vllm serve m --enable-prefix-caching'],
    [
      'prefix-cache',
      'configs/a.yaml',
      `${config('vllm/vllm-openai:v1', 'vllm')}  options: { extra-args: [--enable-prefix-caching] }\n`,
      'prefix-caching',
    ],
    ['usage-honesty', SCRIPT, 'aiperf --ignore-usage'],
    ['upstream-images', 'configs/a.yaml', config('rocm/sgl-dev:x', 'sglang'), 'image'],
  ])('finds what breaks %s in %s, and is red', async (rule, file, text, about = '') => {
    const { exitCode, findings } = await audited({ [file]: text });
    expect(exitCode).toBe(7);
    const line = text.split('\n').findIndex((one) => one.includes(about)) + 1;
    expect(findings).toEqual([`${rule} ${file}:${line} red`]);
  });

  it('leaves alone what is said, is of the launcher, or is allowed', async () => {
    const { exitCode, findings } = await audited({
      [SCRIPT]:
        '# git apply x\necho "patch -p1"\nsed -i s/a/b/ "$RESULT"\n--chat-template-kwargs x\n--no-enable-prefix-caching\n',
      'runners/launch.sh': 'git apply x\n',
      'perf-changelog.yaml': '- description: ["--hf-overrides num_hidden_layers"]\n',
      'configs/a.yaml': config('lmsysorg/sglang:v1', 'sglang'),
      'configs/deprecated/b.yaml': config('me/vllm:v1', 'vllm'),
      'configs/c.yaml': '{ not: [yaml',
    });
    expect({ exitCode, findings }).toEqual({ exitCode: 0, findings: [] });
  });

  it('knows golden acceptance lengths and deprecated scenarios of the folder', async () => {
    const { findings } = await audited({
      'MODELS.md': '| Single-turn 1k8k | 1024 / 8192 | **Deprecated for all models** since then |\n',
      'golden_al_distribution/m.yaml': 'm:\n  on:\n    3: 3.39\n',
      'configs/a.yaml': config('lmsysorg/sglang:v1', 'sglang', 8192),
      'benchmarks/agentic/a.yaml':
        "SGLANG_SIMULATE_ACC_LEN: '3.39'\nTLLM_SPEC_DECODE_FORCE_NUM_ACCEPTED_TOKENS: '2.39'\nTLLM_SPEC_DECODE_FORCE_NUM_ACCEPTED_TOKENS: '3.39'\n",
    });
    expect(findings).toEqual([
      'deprecated-scenarios configs/a.yaml:6 red',
      'acceptance-length benchmarks/agentic/a.yaml:3 look',
    ]);
  });

  it('lets a waiver pass findings until its day, and names those without effect', async () => {
    const waiver = (expires: string) =>
      `rule: engine-patches\nfiles: benchmarks/*\nauthor: me\nreason: upstream has it\nexpires: ${expires}\n`;
    const files = { [SCRIPT]: 'git apply x\n' };
    const valid = await audited({ ...files, 'waivers/audit/a.yaml': waiver('2999-01-01') });
    expect(valid).toMatchObject({ exitCode: 0, report: { status: 'passed', unused: [] } });
    expect(valid.findings).toHaveLength(1);
    const expired = await audited({ ...files, 'waivers/audit/a.yaml': waiver('2020-01-01') });
    expect(expired.exitCode).toBe(7);
    expect(expired.report.unused).toHaveLength(1);
  });
});
