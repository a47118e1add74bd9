import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Run } from '@sweepline/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childEnvironment } from '../src/actions/environment.js';
import { collect } from '../src/commands/collect.js';
import { row } from '../src/commands/row.js';
import { select } from '../src/commands/select.js';
import { canaryStates, expectedParts, partsIn } from '../src/plan/parts.js';
import { PLAN_SCHEMA, writePlan, type Plan } from '../src/plan/plan.js';
import { pruneHistory } from '../src/plan/prune-history.js';
import { contextIn } from './context.js';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'sweepline-parts-'))));
afterEach(() => rmSync(root, { recursive: true }));

const JOB = { runner: 'h200', 'model-prefix': 'a', precision: 'fp8', framework: 'vllm', conc: 1 };
const config = (id: string) => ({
  ...{
    id,
    name: `name-${id}`,
    runner: 'h200',
    canary: JOB,
    rows: [{ id: `${id}-1`, jobs: [{ ...JOB, conc: 2 }] }],
  },
});
const PLAN: Plan = {
  ...{ schema: PLAN_SCHEMA, head: 'h', digest: 'd', part: 1, name: 'ci-7', later: [], evals: 0 },
  configs: [config('c1'), config('c2'), config('c3')],
};

/** An artifact with a run whose points have ended in these states. */
function leave(artifact: string, ...states: readonly string[]): void {
  const folder = join(root, 'parts', artifact, `run-${states.join('-')}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), '{}');
}

/** Reads what `leave` has left. */
function context() {
  const read = (folder: string): Promise<Run> =>
    folder.endsWith('run-')
      ? Promise.reject(new Error('it is damaged'))
      : Promise.resolve({
          results: folder
            .slice(folder.lastIndexOf('run-') + 4)
            .split('-')
            .map((state) => ({ state })),
        } as unknown as Run);
  return { ...contextIn(root), runs: { read, latest: () => Promise.reject(new Error('none')) } };
}

describe('what jobs have left', () => {
  it('decides which configs go on: those whose canary has completed', async () => {
    leave('sweep_c1_canary', 'completed');
    leave('sweep_c2_canary', 'failed');
    const digest = await writePlan(join(root, 'sweep-plan'), PLAN);
    const given = context();
    await select.run(given, new Command(), { SWEEPLINE_PLAN_DIGEST: digest });

    const { out } = given;
    const [first = '', ...others] = out.join('').trim().split('\n');
    expect(first).toContain('c1-1');
    expect(out.join('')).not.toMatch(/c[23]-1/);
    expect(others).toEqual(['rows-2=""', 'rows-3=""', 'rows-4=""']);
  });

  it.each([
    [[], 'lost'],
    [[['completed']], 'passed'],
    [[['completed', 'failed']], 'failed'],
    [[['rejected']], 'failed'],
    [[['skipped']], 'failed'],
    [[['']], 'lost'],
  ])('of a canary, %j, is %s', async (runs, state) => {
    for (const states of runs) leave('sweep_c1_canary', ...states);
    const states = await canaryStates(PLAN, await partsIn(join(root, 'parts')), context().runs);
    expect(states.get('c1')).toBe(state);
  });

  it('is expected of each job that was started, and of no other', async () => {
    leave('sweep_c1_canary', 'completed');
    leave('sweep_c2_canary', 'failed');
    const states = await canaryStates(PLAN, await partsIn(join(root, 'parts')), context().runs);
    expect(expectedParts(PLAN, states).map(({ id, part }) => `${id} ${part}`)).toEqual([
      'c1 canary',
      'c1-1 rest',
      'c2 canary',
      'c3 canary',
    ]);
  });

  it('is not read if there are links in it, or under another name', async () => {
    leave('sweep_c1_canary', 'completed');
    leave('sweep_c2_canary', 'completed');
    symlinkSync('/etc', join(root, 'parts/sweep_c2_canary/run-completed/etc'));
    leave('sweep_..%2f..%2fx_canary', 'completed');
    leave('results_bmk', 'completed');
    symlinkSync('/', join(root, 'parts/sweep_c3_canary'));
    const { runs, refused } = await partsIn(join(root, 'parts'));

    expect([...runs.keys()]).toEqual(['sweep_c1_canary']);
    expect(refused).toEqual([
      'results_bmk: no job of the plan has this name',
      'sweep_..%2f..%2fx_canary: no job of the plan has this name',
      expect.stringMatching(/^sweep_c2_canary: .*etc is neither a file nor a folder$/),
      expect.stringMatching(/^sweep_c3_canary: .* is neither a file nor a folder$/),
    ]);
  });

  it('is judged by the plan that was written, and no other', async () => {
    const digest = await writePlan(join(root, 'sweep-plan'), PLAN);
    await writePlan(join(root, 'sweep-plan'), { ...PLAN, configs: [] });
    for (const command of [select, collect, row])
      await expect(
        command.run(context(), new Command(), {
          SWEEPLINE_PLAN_DIGEST: digest,
          SWEEPLINE_ROW: 'c1',
          SWEEPLINE_PART: 'canary',
        }),
      ).rejects.toThrow(/it was replaced/);
  });
});

it.each([
  ['c9', 'canary'],
  ['c1', 'rest'],
  ['c1', 'other'],
  ['$(touch pwned)', 'canary'],
])('measures nothing for row %s, part %s', async (id, part) => {
  const digest = await writePlan(join(root, 'sweep-plan'), PLAN);
  await expect(
    row.run(context(), new Command(), {
      SWEEPLINE_PLAN_DIGEST: digest,
      SWEEPLINE_ROW: id,
      SWEEPLINE_PART: part,
    }),
  ).rejects.toThrow(/the plan has no/);
});

it('gives what is measured neither tokens nor the files of a job', () => {
  const files = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
  const tokens = [
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'NPM_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  ];
  const env = Object.fromEntries(
    [...files, ...tokens, 'PATH', 'HF_TOKEN', 'GITHUB_SHA'].map((name) => [name, 'x']),
  );
  expect(Object.keys(childEnvironment(env))).toEqual(['PATH', 'HF_TOKEN', 'GITHUB_SHA']);
});

it('keeps the newest runs to compare with, and the one of now', async () => {
  for (const day of [1, 2, 3, 4]) {
    mkdirSync(join(root, `run-${day}`));
    writeFileSync(
      join(root, `run-${day}`, 'run.json'),
      JSON.stringify({ startedAt: `2026-01-0${day}T00:00:00Z` }),
    );
  }
  mkdirSync(join(root, 'imports'));
  await pruneHistory(root, 3, 'run-1');
  expect(readdirSync(root)).toEqual(['imports', 'run-1', 'run-3', 'run-4']);
});
