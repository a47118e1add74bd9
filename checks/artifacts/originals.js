// @ts-check
/** InferenceX's own scripts that read artifacts, from a copy of its repository. None of them is part of this one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, pipInstall, Unavailable, venvPython } from '../python.js';

/** What they print tables with. */
const TABULATE = 'tabulate==0.9.0';
/** Revisions by the time that they show, each with the scripts that there were. */
export const REVISIONS = {
  '2026-02': { revision: '67f512326', scripts: ['collect_results.py', 'summarize.py'] },
  '2026-07': { revision: '0d0327d1b^', scripts: ['collect_results.py', 'summarize.py'] },
  '2026-08': {
    revision: '843c6254f',
    scripts: ['collect_results.py', 'validate_reusable_sweep_artifacts.py'],
  },
};

/**
 * @typedef {object} Originals
 * @property {(time: keyof typeof REVISIONS, script: string, args: readonly string[], cwd: string) => string} run Its stdout.
 * @param {string | undefined} repository Git directory, or a clone. @param {string} folder For the scripts.
 * @returns {Originals} @throws {Unavailable}
 */
export function originals(repository, folder) {
  if (repository === undefined)
    throw new Unavailable(
      'give a clone of SemiAnalysisAI/InferenceX with --inferencex, or INFERENCEX_REPOSITORY',
    );
  for (const [time, { revision, scripts }] of Object.entries(REVISIONS))
    for (const script of scripts) {
      mkdirSync(join(folder, time), { recursive: true });
      writeFileSync(join(folder, time, script), fileAt(repository, `${revision}:utils/${script}`));
    }
  const python = venvPython(join(CACHE, 'artifacts'), ['3.12', '3.11', '3.10', '3.13']);
  const has = spawnSync(python, ['-c', 'import tabulate']).status === 0;
  if (!has) pipInstall(python, [TABULATE]);
  return {
    run: (time, script, args, cwd) =>
      execFileSync(python, [join(folder, time, script), ...args], {
        ...{ cwd, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 60_000 },
        // Python writes no files next to the scripts, and speaks UTF-8 wherever it runs.
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
      }),
  };
}

/** @param {string} repository @param {string} path */
function fileAt(repository, path) {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', repository, 'show', path], {
    encoding: 'utf8',
  });
  if (status === 0) return stdout;
  throw new Unavailable(`git -C ${repository} show ${path}: ${error?.message ?? stderr.trim()}`);
}
