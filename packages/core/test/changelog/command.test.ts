import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChangelogMatrix } from '../../src/matrix/changelog/buckets.js';
import { entry, written } from './fixtures.js';
import { makeRepository, type Outcome, type Repository } from './repository.js';

const OLD = entry(['old']);
const REFS = ['--base-ref', 'base', '--head-ref', 'head'];
const ARGV = [...REFS, '--changelog-file', 'log.yaml'];

async function repositoryWith(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Promise<Repository> {
  const repository = await makeRepository();
  await repository.write({ 'log.yaml': OLD, ...before });
  await repository.commit('base');
  await repository.write(after);
  await repository.commit('head');
  return repository;
}

function matrixOf({ stdout, stderr, exitCode }: Outcome): ChangelogMatrix {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout) as ChangelogMatrix;
}

const AMD = { 'configs/amd-master.yaml': written['2026-02']('amd-a') };
const NVIDIA = { 'configs/nvidia-master.yaml': written['2026-02']('nvidia-a') };
const ADDED = { 'log.yaml': OLD + entry(['*-a']) };

describe('sweepline changelog', () => {
  it('finds master configs where InferenceX has them, AMD first', async () => {
    await using repository = await repositoryWith({ ...NVIDIA, ...AMD }, ADDED);
    const { single_node, changelog_metadata } = matrixOf(await repository.changelog(ARGV));
    expect(single_node['1k1k']).toHaveLength(2);
    expect(changelog_metadata).toMatchObject({ base_ref: 'base', head_ref: 'head' });
  });

  it('takes master configs by folder and glob, from a folder of the repository', async () => {
    const files = { 'own/set/a.yaml': written['2026-02']('x-a'), 'own/log.yaml': OLD };
    await using repository = await repositoryWith(files, { 'own/log.yaml': OLD + entry(['x-a']) });
    for (const pattern of ['set', 'set/*.yaml']) {
      const outcome = await repository.changelog([...ARGV, '--config-files', pattern], 'own');
      expect(matrixOf(outcome).single_node['1k1k']).toHaveLength(1);
    }
  });

  it('holds append-only entries against the configs of the base, and leaves the index alone', async () => {
    const before = written['2026-08']('a');
    const configs = (text: string) => ({ 'own/set/a.yaml': text });
    await using repository = await repositoryWith(
      { ...configs(before), 'own/log.yaml': OLD },
      {
        ...configs(before.replace('[4]', '[4, 8]')),
        'own/log.yaml': OLD + entry(['a'], 'append-only: true'),
      },
    );
    const status = await repository.git('status', '--porcelain', '--branch');
    for (const [pattern, cwd] of [
      ['set', 'own'],
      ['../set', 'own/set'],
      [join(repository.folder, 'own/set'), 'own'],
    ] as const) {
      const argv = [...REFS, '--changelog-file', join(repository.folder, 'own/log.yaml')];
      const outcome = await repository.changelog([...argv, '--config-files', pattern], cwd);
      expect(matrixOf(outcome).single_node['1k1k']).toEqual([expect.objectContaining({ conc: 8 })]);
    }
    expect(await repository.git('status', '--porcelain', '--branch')).toBe(status);
  });

  it('gives the same whatever the user has set for diffs', async () => {
    await using repository = await repositoryWith(AMD, ADDED);
    const plain = await repository.changelog(ARGV);
    for (const [name, value] of [
      ['color.ui', 'always'],
      ['diff.noprefix', 'true'],
      ['diff.external', 'false'],
      ['diff.context', '0'],
    ] as const) {
      await repository.git('config', name, value);
    }
    expect(await repository.changelog(ARGV)).toEqual(plain);
    expect(plain.exitCode).toBe(0);
  });

  it.each([
    [
      'an unknown revision',
      ['--base-ref', 'nowhere', '--head-ref', 'head'],
      5,
      'git has no revision nowhere',
    ],
    ['an option as a revision', ['--base-ref=--all', '--head-ref', 'head'], 5, 'git has no revision --all'],
    [
      'a flag of the later dialect',
      [...REFS, '--trim-conc'],
      2,
      '--trim-conc needs configs in the dialect of August',
    ],
    ['no configs', [...REFS, '--config-files', 'none.yaml'], 3, 'CONFIG_NOT_FOUND'],
  ])('refuses %s', async (_, argv, exitCode, told) => {
    await using repository = await repositoryWith(AMD, ADDED);
    const outcome = await repository.changelog([...argv, '--changelog-file', 'log.yaml']);
    expect(outcome).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(told) as unknown });
  });

  it('says where it looked when there are no master configs', async () => {
    await using repository = await repositoryWith({}, ADDED);
    const { exitCode, stderr } = await repository.changelog(ARGV);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no amd-master.yaml or nvidia-master.yaml in .github/configs or configs');
  });
});
