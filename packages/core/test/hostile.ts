import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { acmeEntry, makeWorkspace, type TestWorkspace } from './workspace.js';

const HOSTILE = fileURLToPath(new URL('fixtures/hostile-plugin', import.meta.url));
const BIN = fileURLToPath(new URL('../bin/sweepline.js', import.meta.url));

const WORKSPACE = `plugins: ['@acme/sweepline-plugin', '@hostile/sweepline-plugin']
default-configs: [configs/jobs.yaml]
runners:
  hostile-nodes: { sku: acme-x1, launcher: hostile }
`;

/** Seconds that calls of plugins have in these tests: what hangs is ended, what only waits for a busy machine is not. */
const TIMEOUT_S = '6';

/** Entries of one job each, by what is hostile. */
export const ENTRIES = {
  /** Planned by the hostile framework. */
  framework: (prefix: string) =>
    acmeEntry(prefix)
      .replace('framework: acme', 'framework: hostile')
      .replace(/  options: .*\n/, ''),
  /** On hardware of this name. */
  hardware: (name: string) => acmeEntry(name).replace('runner: acme-x1', `runner: ${name}`),
  /** On nodes of the launcher of this name. */
  launcher: (name: string) => acmeEntry(name).replace('runner: acme-x1', `runner: ${name}-nodes`),
} as const;

export const JOBS = {
  framework: ENTRIES.framework('planned'),
  hardware: ENTRIES.hardware('hostile-x1'),
  launcher: ENTRIES.launcher('hostile'),
  healthy: acmeEntry('healthy'),
  /** Every output is half as long as asked for. */
  short: acmeEntry('short', { options: { args: ['--fault', 'short-output'] } }),
  endless: acmeEntry('endless', { options: { args: ['--hold-after', '0'] } }),
} as const;

/** A workspace with a hostile package next to a sound one, and these jobs. */
export async function makeHostileWorkspace(...jobs: readonly (keyof typeof JOBS)[]): Promise<TestWorkspace> {
  const workspace = await makeWorkspace({
    'configs/sweepline.yaml': WORKSPACE,
    'configs/jobs.yaml': jobs.map((job) => JOBS[job]).join(''),
  });
  await cp(HOSTILE, join(workspace.root, 'node_modules', '@hostile', 'sweepline-plugin'), {
    recursive: true,
  });
  return workspace;
}

/** The command, running, with a package that does something wrong: what the package's HOSTILE lists. */
export function startHostile(
  workspace: TestWorkspace,
  wrong: string,
  args: readonly string[] = ['sweep'],
  env: Readonly<Record<string, string>> = {},
) {
  return execa(process.execPath, [BIN, ...args], {
    cwd: workspace.root,
    env: { HOSTILE: wrong, SWEEPLINE_PLUGIN_TIMEOUT_S: TIMEOUT_S, ...env },
    reject: false,
    stdin: 'ignore',
  });
}

/** State of each point of the newest run by the key of its entry, with what it failed of. */
export async function outcomesOf(workspace: TestWorkspace): Promise<Readonly<Record<string, string>>> {
  const results = await workspace.results();
  return Object.fromEntries(
    results.map((result) => [
      String(result.job['model-prefix']),
      result.state === 'failed' ? `${result.error.code}: ${result.error.message}` : result.state,
    ]),
  );
}

/** What the newest run says of itself. */
export async function runOf(workspace: TestWorkspace): Promise<Readonly<Record<string, unknown>>> {
  const [run = ''] = (await readdir(join(workspace.root, 'results'))).sort().reverse();
  return JSON.parse(await readFile(join(workspace.root, 'results', run, 'run.json'), 'utf8')) as Record<
    string,
    unknown
  >;
}

/** Of the sessions of all runs, in the order of their runs. */
export async function sessionStates(workspace: TestWorkspace): Promise<readonly string[]> {
  const files = await readdir(join(workspace.root, 'results'), { recursive: true });
  const sessions = files.filter((file) => /sessions\/\w+\.json$/.test(file)).sort();
  return Promise.all(
    sessions.map(async (file) => {
      const text = await readFile(join(workspace.root, 'results', file), 'utf8');
      return (JSON.parse(text) as { readonly state: string }).state;
    }),
  );
}
