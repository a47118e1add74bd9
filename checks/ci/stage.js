// @ts-check
/** Where workflows are rehearsed: a repository, artifacts, a stand-in for GitHub, and what was found wrong. */
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitHub } from './github.js';
import { runWorkflow } from './runner.js';
import { makeRepository } from './workspace.js';

export const SWEEP = '.github/workflows/sweep.yml';
export const NIGHTLY = '.github/workflows/nightly.yml';

/**
 * @typedef {Awaited<ReturnType<typeof runWorkflow>> & { id: number }} Ended
 * @typedef {{ name: string, sha: string, ref?: string, payload?: object, isLost?: (job: string) => boolean }} Happened
 * @typedef {Awaited<ReturnType<typeof makeStage>>} Stage
 */

/** @param {boolean} isVerbose whether logs of jobs are printed */
export async function makeStage(isVerbose) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-ci-'));
  const repository = makeRepository(join(folder, 'repository'));
  const artifacts = join(folder, 'artifacts');
  const github = await startGitHub(artifacts);
  /** @type {string[]} */
  const problems = [];
  /** @type {Ended[]} */
  const runs = [];

  /** Runs a workflow for an event. @param {string} path @param {Happened} event @returns {Promise<Ended>} */
  async function run(path, { name, sha, ref = 'refs/heads/main', payload = {}, isLost }) {
    const id = runs.length + 1;
    console.log(`  run ${id}: ${path.split('/').at(-1)} for ${name}`);
    const about = { repository: { full_name: 'acme/sweeps', default_branch: 'main' } };
    const ended = await runWorkflow(path, {
      ...{ repository: join(folder, 'repository'), work: folder, id, apiUrl: github.url },
      event: { name, sha, ref, payload: { ...about, ...payload } },
      ...(isLost === undefined ? {} : { isLost }),
      say: console.log,
    });
    github.runs.push({
      ...{ id, path, event: name, status: 'completed', conclusion: ended.result, head_sha: sha },
      ...{ head_branch: ref.replace('refs/heads/', ''), head_repository: { full_name: 'acme/sweeps' } },
      html_url: `https://github.com/acme/sweeps/actions/runs/${id}`,
    });
    if (isVerbose) for (const job of ended.jobs) console.log(job.log);
    const all = { ...ended, id };
    runs.push(all);
    return all;
  }

  return {
    ...{ folder, repository, artifacts, github, problems, runs, run },
    /** A pull request with the label `sweep`. @param {number} number @param {string} sha @param {(job: string) => boolean} [isLost] */
    pullRequest(number, sha, isLost) {
      const pull = {
        ...{ number, draft: false, labels: [{ name: 'sweep' }] },
        base: { sha: repository.git('rev-parse', 'main') },
        head: { sha, repo: { full_name: 'acme/sweeps' } },
      };
      const payload = { action: 'labeled', label: { name: 'sweep' }, pull_request: pull };
      const ref = `refs/heads/pull-${number}`;
      return run(SWEEP, { name: 'pull_request', sha, ref, payload, ...(isLost && { isLost }) });
    },
    /** @param {boolean} isTrue @param {string} what @param {unknown} [found] */
    expect(isTrue, what, found) {
      console.log(`  ${isTrue ? 'ok' : 'WRONG'}: ${what}`);
      if (isTrue) return;
      problems.push(what);
      console.log(`    found: ${typeof found === 'string' ? found : JSON.stringify(found)}`);
    },
    /** @param {number} issue */
    commentOn: (issue) => {
      const own = github.comments.filter((one) => one.issue === issue);
      return own.map(({ body }) => body).join('\n');
    },
    /** @param {Ended} ended */
    artifactsOf: ({ id }) => {
      const own = join(artifacts, String(id));
      return existsSync(own) ? readdirSync(own).sort() : [];
    },
    /** A file of an artifact; empty if it isn't there. @param {Ended} ended @param {string} path */
    read: ({ id }, path) => {
      const file = join(artifacts, String(id), path);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
  };
}

/** Of jobs whose names have a text in them. @param {Ended} ended @param {string} text */
export function namesOf({ jobs }, text) {
  return jobs.map(({ name }) => name).filter((name) => name.includes(text));
}

/** Logs of jobs that have failed. @param {Ended} ended */
export function logOf({ jobs }) {
  const failed = jobs.filter(({ result }) => result === 'failure');
  return failed.map(({ name, log }) => `${name}\n${log}`).join('\n');
}
