import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../src/actions/environment.js';
import { setup } from '../src/commands/setup.js';
import { planSchema, type Plan } from '../src/plan/plan.js';
import { contextIn } from './context.js';
import { configOf, entryOf, makeRepository, type TestRepository } from './repository.js';

const HOSTILE = 'a\n::add-mask::x\nGITHUB_ENV<<EOF $(touch pwned) "; @octocat';

let repository: TestRepository;
let base: string;
let head: string;
beforeAll(() => {
  repository = makeRepository();
  repository.write('.gitignore', '/sweep-plan\n/reused\n/earlier\n');
  repository.write('configs/sweepline.yaml', 'default-configs: [configs/all.yaml]\n');
  repository.write('configs/all.yaml', configOf('dsr1-x', 'gptoss-x'));
  repository.write('perf-changelog.yaml', entryOf('dsr1-x'));
  base = repository.commit('base');
  repository.write('perf-changelog.yaml', entryOf('dsr1-x') + entryOf('gptoss-x', HOSTILE));
  head = repository.commit('head');
});
afterAll(() => repository[Symbol.dispose]());

async function run(env: Environment) {
  const context = contextIn(repository.root);
  await setup.run(context, new Command(), env);
  return { outputs: repository.outputs(), said: context.errors.join('') };
}

function plan(): Plan {
  return planSchema.parse(JSON.parse(readFileSync(join(repository.root, 'sweep-plan/plan.json'), 'utf8')));
}

function pull(more: object = {}, action = 'labeled'): object {
  return {
    ...{ action, label: { name: 'sweep' } },
    pull_request: {
      ...{ number: 1, draft: false, labels: [{ name: 'sweep' }], base: { sha: base } },
      ...{ head: { sha: head, repo: { full_name: 'acme/sweeps' } }, ...more },
    },
  };
}

describe('sweepline ci setup', () => {
  it('plans what a push added to the changelog, whatever the entry says', async () => {
    const { outputs } = await run(repository.step('push', { before: base }));

    expect(outputs).toMatchObject({ work: 'true', measures: 'true', name: 'ci-7', reuse: '' });
    expect(JSON.parse(outputs['canaries'] ?? '')).toEqual({
      include: [{ row: 'c1', runner: 'h200', name: 'gptoss-fp8-vllm-h200' }],
    });
    expect(plan()).toMatchObject({
      base,
      head,
      later: [],
      configs: [{ canary: { conc: 4 }, rows: [{ jobs: [{ conc: 8 }] }] }],
    });
    expect(JSON.stringify(outputs)).not.toMatch(/add-mask|pwned/);
    expect(repository.summary()).not.toMatch(/^::|@octocat/m);
  });

  it('measures what was pushed while another sweep ran, as well', async () => {
    expect(
      (await run(repository.step('push', { before: head }, { SWEEPLINE_SWEPT: base }))).outputs['work'],
    ).toBe('true');
    expect(plan().base).toBe(base);
  });

  it.each([
    [
      'of a commit that was swept',
      'push',
      () => ({ before: base }),
      { SWEEPLINE_SWEPT: 'HEAD' },
      /this commit was swept/,
    ],
    ['of a new branch', 'push', () => ({ before: '0'.repeat(40) }), {}, /the branch is new/],
    ['without a change of the changelog', 'push', () => ({ before: head }), {}, /nothing was added/],
    ['of a draft', 'pull_request', () => pull({ draft: true }), {}, /is a draft/],
    ['without a label', 'pull_request', () => pull({ labels: [] }), {}, /has no label sweep or sweep-canary/],
    [
      'for another label',
      'pull_request',
      () => ({ ...pull(), label: { name: 'docs' } }),
      {},
      /the label docs asks for no sweep/,
    ],
    [
      'of a fork',
      'pull_request',
      () => pull({ head: { sha: head, repo: { full_name: 'eve/sweeps' } } }),
      {},
      /comes from a fork/,
    ],
    [
      'of a fork that is gone',
      'pull_request',
      () => pull({ head: { sha: head, repo: null } }),
      {},
      /comes from a fork/,
    ],
  ])('plans nothing for an event %s', async (_, name, payload, env, why) => {
    const given = 'SWEEPLINE_SWEPT' in env ? { SWEEPLINE_SWEPT: head } : env;
    const { outputs, said } = await run(repository.step(name, payload(), given));
    expect([outputs['work'], outputs['canaries']]).toEqual(['false', undefined]);
    expect(said).toMatch(why);
  });

  it('refuses another commit than that of the pull request, and labels that exclude each other', async () => {
    const other = pull({ head: { sha: base, repo: { full_name: 'acme/sweeps' } } });
    await expect(run(repository.step('pull_request', other))).rejects.toThrow(
      /is checked out, and the pull request is at/,
    );
    const both = pull({ labels: [{ name: 'sweep' }, { name: 'sweep-canary' }] });
    await expect(run(repository.step('pull_request', both))).rejects.toThrow(/exclude each other/);
  });

  it('takes results over only where exactly the same was to be measured', async () => {
    await run(repository.step('pull_request', pull()));
    const measured = plan();
    const reused = join(repository.root, 'reused/sweep-plan');
    mkdirSync(reused, { recursive: true });
    const after = async (earlier: object | undefined) => {
      writeFileSync(join(reused, 'plan.json'), earlier === undefined ? '{' : JSON.stringify(earlier));
      return (await run(repository.step('push', { before: base }, { SWEEPLINE_REUSE: '41' }))).outputs;
    };

    expect(await after(measured)).toMatchObject({ reuse: '41', canaries: '', measures: 'false' });
    for (const other of [
      { ...measured, digest: 'other' },
      { ...measured, later: measured.configs },
      { ...measured, part: 2 },
      undefined,
    ])
      expect(await after(other)).toMatchObject({ reuse: '', measures: 'true' });

    repository.write('notes.md', 'a document');
    repository.commit('a document');
    expect(await after(measured)).toMatchObject({ reuse: '41' });
    repository.write('recipes.js', 'what else may change a result');
    repository.commit('a recipe');
    expect(await after(measured)).toMatchObject({ reuse: '' });
    repository.git('reset', '--quiet', '--hard', head);
  });

  it('goes on with what a run has left, and with nothing else', async () => {
    const left = { ...plan(), configs: [], later: plan().configs };
    const earlier = join(repository.root, 'earlier/sweep-plan');
    mkdirSync(earlier, { recursive: true });
    writeFileSync(join(earlier, 'plan.json'), JSON.stringify(left));
    const event = ['workflow_dispatch', { inputs: { continues: '41' } }] as const;

    expect((await run(repository.step(...event, { SWEEPLINE_CONTINUES: '41' }))).outputs['measures']).toBe(
      'true',
    );
    expect(plan()).toMatchObject({ part: 2, name: left.name, digest: left.digest, later: [] });
    await expect(run(repository.step(...event, { SWEEPLINE_CONTINUES: '' }))).rejects.toThrow(
      /may not be taken/,
    );
  });

  it("takes the changelog and configs of a fork's commit, and neither its plugins nor its links", async () => {
    using fork = makeRepository();
    fork.git('pull', '--quiet', repository.root, 'main');
    fork.write('configs/sweepline.yaml', "plugins: ['./evil.js']\n");
    fork.write('configs/all.yaml', configOf('dsr1-x', 'gptoss-x', 'glm5-x'));
    fork.write(
      'perf-changelog.yaml',
      `${entryOf('dsr1-x') + entryOf('gptoss-x', HOSTILE)}${entryOf('glm5-x')}`,
    );
    const commit = fork.commit('of a fork');
    const from = { SWEEPLINE_FORK_FOLDER: fork.root, SWEEPLINE_FORK_COMMIT: commit };

    expect((await run(repository.step('workflow_dispatch', { inputs: {} }, from))).outputs['work']).toBe(
      'true',
    );
    expect(plan()).toMatchObject({ head: commit, base: head, configs: [{ name: 'glm5-fp8-vllm-h200' }] });
    expect(repository.git('status', '--porcelain', '--', 'configs/sweepline.yaml')).toBe('');
    repository.git('reset', '--quiet', '--hard', head);

    fork.git('rm', '--quiet', 'configs/all.yaml');
    fork.git('config', 'core.symlinks', 'true');
    symlinkSync('/etc/passwd', join(fork.root, 'configs/all.yaml'));
    const linked = { ...from, SWEEPLINE_FORK_COMMIT: fork.commit('a link') };
    await expect(run(repository.step('workflow_dispatch', { inputs: {} }, linked))).rejects.toThrow(
      /no plain file/,
    );
  });

  it('sweeps what a command asks for', async () => {
    const asked = (command: string) => run(repository.step('workflow_dispatch', { inputs: { command } }));
    await asked("configs/all.yaml --model-prefix 'gptoss'");
    expect(plan().configs.map(({ name }) => name)).toEqual(['gptoss-fp8-vllm-h200']);
    await expect(asked('$(touch pwned)')).rejects.toThrow(/sweepline matrix ended with exit code/);
    await expect(asked('--format table')).rejects.toThrow(/can not say --format/);
    expect(() => readFileSync(join(repository.root, 'pwned'))).toThrow('ENOENT');
  });

  it('does nothing for a commit that asks for that', async () => {
    repository.commit('a typo [skip-sweep]');
    const { said } = await run(repository.step('push', { before: base }));
    expect(said).toMatch(/message has \[skip-sweep\]/);
  });
});
