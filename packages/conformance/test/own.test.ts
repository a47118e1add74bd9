import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plans, type Plan } from './plans.js';

/** Configs written for these tests, with their expected results. */
const OWN = join(import.meta.dirname, '../own');
const MATRIX = join(OWN, 'matrix');
const BIN = join(import.meta.dirname, '../../core/bin/sweepline.js');

type Rows = readonly Readonly<Record<string, unknown>>[];

function sweepline(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [BIN, ...args], { cwd }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr || error.message)),
    );
  });
}

async function matrix(dialect: string, args: readonly string[]): Promise<Rows> {
  const [command = '', ...options] = args;
  const configs = ['--config-files', `${dialect}.yaml`, '--runner-config', `${dialect}-runners.yaml`];
  return JSON.parse(await sweepline(['matrix', command, ...configs, ...options], MATRIX)) as Rows;
}

/** One row per line, so that a difference shows as a line. */
function lines(rows: Rows): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

describe('the matrix of own configs', () => {
  it.each([
    ['february', 'single-node', ['full-sweep', '--single-node']],
    [
      'february',
      'filtered',
      ['full-sweep', '--single-node', '--min-conc', '5', '--max-conc', '16', '--step-size', '3'],
    ],
    [
      'february',
      'evals',
      ['full-sweep', '--single-node', '--max-tp', '4', '--seq-lens', '1k8k', '--run-evals'],
    ],
    ['february', 'multi-node', ['full-sweep', '--multi-node']],
    ['february', 'runners', ['runner-model-sweep', '--runner-type', 'h200', '--single-node']],
    ['august', 'full', ['full-sweep']],
    ['august', 'no-evals', ['full-sweep', '--no-evals', '--multi-node']],
  ])('%s, %s', async (dialect, name, args) => {
    const rows = await matrix(dialect, args);
    await expect(lines(rows)).toMatchFileSnapshot(join(MATRIX, `${dialect}-${name}.jsonl`));
  });
});

describe('the changelog over own configs', () => {
  it('gives the rows of the keys that were added', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sweepline-own-'));
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
    const commit = (tag: string) => {
      git('add', '-A');
      git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', tag);
      git('tag', tag);
    };
    try {
      git('init', '-q');
      mkdirSync(join(folder, 'configs'));
      cpSync(join(MATRIX, 'february.yaml'), join(folder, 'configs/nvidia-master.yaml'));
      cpSync(join(MATRIX, 'february-runners.yaml'), join(folder, 'configs/runners.yaml'));
      cpSync(join(OWN, 'changelog/base.yaml'), join(folder, 'perf-changelog.yaml'));
      commit('base');
      appendFileSync(join(folder, 'perf-changelog.yaml'), readFileSync(join(OWN, 'changelog/added.yaml')));
      commit('head');

      const refs = ['--base-ref', 'base', '--head-ref', 'head', '--changelog-file', 'perf-changelog.yaml'];
      const sweep = JSON.parse(await sweepline(['changelog', ...refs], folder)) as object;

      await expect(`${JSON.stringify(sweep, undefined, 1)}\n`).toMatchFileSnapshot(
        join(OWN, 'changelog/expected.json'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('plans of own configs', () => {
  it.each([
    ['february', ['full-sweep', '--single-node', '--max-conc', '4']],
    ['february', ['full-sweep', '--multi-node']],
    ['august', ['full-sweep', '--max-conc', '32']],
  ])('%s, %j', async (dialect, args) => {
    const jobs = await matrix(dialect, args);
    const planned = await plans(jobs as never);
    const name = `${dialect}-${args.includes('--multi-node') ? 'multi-node' : 'plans'}.json`;
    await expect(`${JSON.stringify(planned.map(essence), undefined, 1)}\n`).toMatchFileSnapshot(
      join(OWN, 'plans', name),
    );
  });
});

/** What is launched where, and with which settings; the rest follows from it. */
function essence({ rejected, devices, processes = [], client }: Plan): object {
  if (rejected !== undefined) return { rejected };
  return {
    devices,
    processes: processes.map(({ role, node, nodes, devices: numbers, argv }) => ({
      role,
      node,
      ...(nodes === undefined ? {} : { nodes }),
      ...(numbers === undefined ? {} : { devices: numbers.join(' ') }),
      argv: argv.join(' '),
    })),
    client,
  };
}
