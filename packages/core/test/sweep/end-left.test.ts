import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, it, vi } from 'vitest';
import { endLeft } from '../../src/end-left.js';
import { delegateHandle } from '../../src/launch/delegate/submit-host.js';
import { silentLogger } from '../../src/logger.js';
import { newToken } from '../../src/launch/marker.js';
import type { ResolvedRunner, RunnerResolver } from '../../src/plan/runners.js';
import { guardPlugin } from '../../src/plugin/guard/guard-plugin.js';
import type { LeftSession, NodeLauncher } from '../../src/plugin/index.js';
import { thisProcess } from '../../src/results/owner.js';
import { runBegun } from '../../src/results/run-info.js';
import { openRunStore } from '../../src/results/store.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';
import { installSlurm, storedJobs, useSlurm } from '../fleet/fake-slurm.js';

const never = new AbortController().signal;
afterEach(() => vi.unstubAllEnvs());

/** A launcher that says what it was asked to end. */
function recorder(answer: () => Promise<readonly string[]>) {
  const asked: LeftSession[] = [];
  const plugin: NodeLauncher = {
    kind: 'launcher',
    name: 'cluster',
    apiVersion: 2,
    acquire: () => Promise.reject(new Error('nobody asks for nodes')),
    endLeft(left) {
      asked.push(left);
      return answer();
    },
  };
  const guarded = guardPlugin(plugin, { package: 'acme', notify() {} });
  const runner = { launcher: () => ({ plugin: guarded, package: 'acme' }) } as unknown as ResolvedRunner;
  return { asked, resolveRunner: (() => runner) satisfies RunnerResolver };
}

/** A run with an open session, by a process that has ended, or by this one. */
async function leaveRun(
  resultsDir: string,
  id: string,
  isAlive = false,
  handleOf: (token: string) => string = () => '4711',
): Promise<string> {
  const store = await openRunStore(join(resultsDir, id));
  const owner = await thisProcess();
  const process = isAlive ? owner : { ...owner, start: '1' };
  const startedAt = new Date(0).toISOString();
  const beginning = {
    id,
    sweepline: '0.0.0',
    startedAt,
    process,
    configFiles: [],
    pointNames: [],
    metrics: [],
  };
  await store.saveRun(runBegun(beginning));
  const token = newToken();
  const session = {
    v: 1,
    token,
    points: [],
    runner: 'h200',
    launcher: 'cluster',
    startedAt,
    handle: handleOf(token),
  };
  await mkdir(join(store.folder, 'sessions'));
  await writeFile(fileOf(resultsDir, id, token), JSON.stringify({ ...session, state: 'open' }));
  return token;
}

function fileOf(resultsDir: string, id: string, token: string): string {
  return join(resultsDir, id, 'sessions', `${token}.json`);
}

async function stateOf(resultsDir: string, id: string, token: string): Promise<unknown> {
  const text = await readFile(fileOf(resultsDir, id, token), 'utf8');
  return (JSON.parse(text) as { readonly state: unknown }).state;
}

it('ends what killed sweeps left, once, by the tokens of their sessions, and leaves running ones alone', async () => {
  await using workspace = await makeTestWorkspace();
  const resultsDir = join(workspace.root, 'results');
  const token = await leaveRun(resultsDir, 'killed');
  const running = await leaveRun(resultsDir, 'running', true);
  const { asked, resolveRunner } = recorder(() => Promise.resolve(['job 4711']));
  const told: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void told.push(message) };

  await endLeft({ resultsDir, resolveRunner, logger }, never);
  await endLeft({ resultsDir, resolveRunner, logger }, never);

  expect(asked).toEqual([{ token, runner: 'h200', handle: '4711' }]);
  expect(told).toEqual(['ended what killed had left: job 4711']);
  expect(await stateOf(resultsDir, 'killed', token)).toBe('ended');
  expect(await stateOf(resultsDir, 'running', running)).toBe('open');
});

it('reports what it cannot end, and tries it again with the next sweep', async () => {
  await using workspace = await makeTestWorkspace();
  const resultsDir = join(workspace.root, 'results');
  const token = await leaveRun(resultsDir, 'killed');
  const { asked, resolveRunner } = recorder(() => Promise.reject(new Error('the controller is away')));
  const told: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void told.push(message) };

  await endLeft({ resultsDir, resolveRunner, logger }, never);
  await endLeft({ resultsDir, resolveRunner, logger }, never);

  expect(asked).toHaveLength(2);
  expect(told[0]).toMatch(new RegExp(`can't end what killed left .*${token}.*: the controller is away`));
  expect(await stateOf(resultsDir, 'killed', token)).toBe('open');
});

it('ends the jobs of a delegate whose sweep was killed, by their exact name, without its launcher', async () => {
  await using workspace = await makeTestWorkspace();
  await installSlurm(join(workspace.root, 'bin'));
  useSlurm(join(workspace.root, 'slurm'));
  const resultsDir = join(workspace.root, 'results');
  const token = await leaveRun(resultsDir, 'killed', false, delegateHandle);
  const script = join(workspace.root, 'job.sh');
  await writeFile(script, 'sleep 300\n');
  for (const name of [`sweepline-${token}`, `sweepline-${token}-of-another`])
    await execa('sbatch', [script], { env: { SBATCH_JOB_NAME: name } });
  const { asked, resolveRunner } = recorder(() => Promise.resolve([]));

  await endLeft({ resultsDir, resolveRunner, logger: silentLogger }, never);

  expect(await storedJobs()).toMatchObject([{ state: 'CANCELLED' }, { state: 'RUNNING' }]);
  expect(asked).toEqual([]);
  expect(await stateOf(resultsDir, 'killed', token)).toBe('ended');
  await execa('scancel', ['--name', `sweepline-${token}-of-another`]);
});

it.each([
  [
    'never answers',
    () => new Promise<readonly string[]>(() => {}),
    /cluster: endLeft has not ended after 0\.2 s/,
  ],
  ['answers nonsense', () => Promise.resolve('all' as unknown as readonly string[]), /cluster: endLeft gave/],
])('gives up a launcher that %s, and names it', async (_, answer, words) => {
  vi.stubEnv('SWEEPLINE_PLUGIN_TIMEOUT_S', '0.2');
  await using workspace = await makeTestWorkspace();
  const resultsDir = join(workspace.root, 'results');
  const token = await leaveRun(resultsDir, 'killed');
  const { resolveRunner } = recorder(answer);
  const told: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void told.push(message) };

  await endLeft({ resultsDir, resolveRunner, logger }, never);

  expect(told.at(-1)).toMatch(words);
  expect(await stateOf(resultsDir, 'killed', token)).toBe('open');
});
