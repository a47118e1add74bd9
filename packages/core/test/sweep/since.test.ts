import { execa } from 'execa';
import { expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];

const added = (key: string): string => `- config-keys: [${key}]
  description: [it has changed]
  pr-link: https://example.com/1
`;

/** A workspace in a repository whose changelog has an entry. */
async function repository(): Promise<{ workspace: TestWorkspace; commit: (name: string) => Promise<void> }> {
  const workspace = await makeWorkspace({
    '.gitignore': 'node_modules\nresults\n',
    'configs/acme.yaml': acmeEntry('old') + acmeEntry('new', { conc: [1, 2] }),
    'perf-changelog.yaml': added('old'),
  });
  const git = (...args: readonly string[]) => execa('git', [...AUTHOR, ...args], { cwd: workspace.root });
  await git('init', '--quiet');
  const commit = async (name: string): Promise<void> => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', name);
    await git('tag', name);
  };
  await commit('base');
  return { workspace, commit };
}

it('a sweep since a revision measures what the changelog has asked for since then, and nothing if it asks for nothing', async () => {
  const { workspace, commit } = await repository();
  await using _ = workspace;

  const nothing = await workspace.cli(['sweep', '--since', 'base']);
  expect(nothing).toMatchObject({ exitCode: 0, stdout: '' });
  expect(nothing.stderr).toContain('nothing was added to the changelog since base');

  await workspace.write('perf-changelog.yaml', added('old') + added('n*'));
  await commit('head');
  const { exitCode } = await workspace.cli(['sweep', '--since', 'base', '--allow-invalid']);

  expect(exitCode).toBe(0);
  const results = await workspace.results();
  expect(results.map(({ job, concurrency }) => [job['model-prefix'], concurrency])).toEqual([
    ['new', 1],
    ['new', 2],
  ]);
  const { stdout } = await execa('git', ['rev-parse', 'base', 'head'], { cwd: workspace.root });
  const [base, head] = stdout.split('\n');
  // A branch may have moved when it is resumed.
  expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({
    command: { arguments: ['--since', base, '--allow-invalid'] },
    changelog: {
      ...{ baseRef: base, headRef: head },
      entries: [
        {
          ...{ 'config-keys': ['new'], description: ['it has changed'] },
          ...{ 'pr-link': 'https://example.com/1', 'evals-only': false },
        },
      ],
    },
  });
});

it('is not narrowed by filters: the changelog says what must be measured', async () => {
  const { workspace } = await repository();
  await using _ = workspace;

  const { exitCode, stderr } = await workspace.cli(['sweep', '--since', 'base', '--max-conc', '1']);

  expect(exitCode).toBe(2);
  expect(stderr).toContain('--since takes the jobs that the changelog asks for, and not --max-conc');
});

it('a dry run says what would run where, and how long by earlier results, and starts nothing', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }) });

  const first = await workspace.cli(['sweep', '--dry-run']);
  expect(first.stdout).toContain('2 points in 2 sessions; no earlier result says how long they take');
  await workspace.cli(['sweep', '--max-conc', '1', '--allow-invalid']);
  const { exitCode, stdout } = await workspace.cli(['sweep', '--dry-run', '--json']);

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ points: 2, sessions: 2, hours: expect.any(Number) as number },
    estimates: { point: 1, curve: 1, model: 0, mean: 0 },
    queues: [{ name: 'this machine', nodes: 1, sessions: 2 }],
  });
  expect(await workspace.results()).toHaveLength(1);
});

it('a pattern of points that come first matches one, or is refused', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') + acmeEntry('two') });

  const wrong = await workspace.cli(['sweep', '--first', 'tow*']);
  expect(wrong).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no point matches --first tow*') as string,
  });
  await workspace.cli(['sweep', '--first', 'two*', '--allow-invalid', '--events', 'events.ndjson']);

  const begun = (await workspace.read('events.ndjson'))
    .split('\n')
    .filter((line) => line.includes('point-begun'));
  expect(begun.map((line) => (JSON.parse(line) as { name: string }).name.split('_')[0])).toEqual([
    'two',
    'one',
  ]);
});
