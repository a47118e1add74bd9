import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadMasterConfigs, loadRunnerConfig } from '../../src/config/load.js';
import { SweeplineError } from '../../src/errors.js';
import { describeRecorded, recordings } from '../recordings.js';

const ROOT = recordings('matrix');

interface Case {
  readonly id: string;
  readonly version: 'seed' | 'upstream';
  readonly cwd: string;
  readonly configFiles: readonly string[] | null;
  readonly runnerConfig: string | null;
  readonly expect: 'ok' | 'error';
  readonly lenient: boolean;
}

/** Cases by the files that they read: one that is refused for its arguments may be accepted with others. */
function byFiles(): readonly (readonly [string, readonly Case[]])[] {
  const { cases } = JSON.parse(readFileSync(join(ROOT, 'cases.json'), 'utf8')) as { cases?: readonly Case[] };
  const all = cases ?? (JSON.parse(readFileSync(join(ROOT, 'cases.json'), 'utf8')) as readonly Case[]);
  const groups = new Map<string, Case[]>();
  for (const one of all) {
    if (one.lenient || one.configFiles === null || one.configFiles.length === 0) continue;
    const name = [one.version, ...one.configFiles, one.runnerConfig ?? ''].join(' ').trim();
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups];
}

/** In the other dialect, which is detected: accepted as a file, but refused by the command for its flags and runners. */
const OTHER_DIALECT = 'upstream synthetic/bad-old-schema.yaml';

async function load({ cwd, configFiles, runnerConfig }: Case): Promise<'ok' | 'error'> {
  try {
    const folder = join(ROOT, cwd);
    const entries = await loadMasterConfigs(configFiles ?? [], folder);
    if (runnerConfig !== null) await loadRunnerConfig(runnerConfig, entries[0]?.entry.dialect, folder);
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof SweeplineError) return 'error';
    throw thrown;
  }
}

describeRecorded(ROOT, 'configs are accepted and refused as by the original', () => {
  it.each(byFiles())('%s', async (name, cases) => {
    const accepted = cases.some((one) => one.expect === 'ok') || name === OTHER_DIALECT;
    expect(await load(cases[0]!)).toBe(accepted ? 'ok' : 'error');
  });
});
