import { SweeplineError, z } from '@sweepline/core';
import type { Api } from './api.js';
import { required, type Environment } from './environment.js';
import type { GitHubEvent } from './event.js';

/** Names of artifacts that other runs read. None begins with `bmk_` or `results_`: InferenceX's dashboard reads those as rows. */
export const ARTIFACTS = { history: 'sweep-history', run: 'sweep-run', plan: 'sweep-plan' } as const;
/** A pull request with this label lets the merge take its results over. */
export const REUSE_LABEL = 'reuse-sweep';

const SWEEP = '.github/workflows/sweep.yml';
/** Workflows whose results belong to the history of the default branch. sweep-fork.yml is none of them. */
const OF_THE_BRANCH = [SWEEP, '.github/workflows/nightly.yml'];

const runSchema = z.object({
  id: z.number().int().positive(),
  path: z.string(),
  event: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  head_sha: z.string(),
  head_branch: z.string().nullable(),
  head_repository: z.object({ full_name: z.string() }).nullable(),
  html_url: z.string(),
});
type WorkflowRun = z.output<typeof runSchema>;

const artifactsSchema = z.object({
  artifacts: z.array(
    z.object({
      name: z.string(),
      expired: z.boolean(),
      created_at: z.string(),
      workflow_run: z
        .object({ id: z.number().int().positive(), head_branch: z.string().nullable() })
        .nullable(),
    }),
  ),
});
const runsSchema = z.object({ workflow_runs: z.array(runSchema) });
const pullsSchema = z.array(
  z.object({
    number: z.number().int(),
    merge_commit_sha: z.string().nullable(),
    merged_at: z.string().nullable(),
    labels: z.array(z.object({ name: z.string() })),
    head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  }),
);

/** Runs that are looked at to find one. */
const MOST_ASKED = 20;

export interface EarlierRuns {
  /** The newest run of the default branch that has left its results, and the last commit that was pushed and swept. */
  history(): Promise<{ readonly id?: number; readonly swept?: string }>;
  /** @throws {SweeplineError} USAGE for a run that may not be gone on with */
  toContinue(run: string): Promise<number>;
  /** The run of the pull request that was merged by the pushed commit; why there is none, as text. */
  ofMergedPullRequest(): Promise<{ readonly id: number; readonly url: string } | string>;
}

export function earlierRuns(api: Api, env: Environment, event: GitHubEvent): EarlierRuns {
  const repository = required(env, 'GITHUB_REPOSITORY');
  const branch = event.repository?.default_branch;
  const isOwn = (run: WorkflowRun, paths: readonly string[]): boolean =>
    run.head_repository?.full_name === repository && paths.includes(run.path.split('@')[0] ?? '');
  const runOf = (id: number): Promise<WorkflowRun | undefined> => api.find(`/actions/runs/${id}`, runSchema);
  return {
    async history() {
      const { artifacts } = await api.get(
        `/actions/artifacts?name=${ARTIFACTS.history}&per_page=100`,
        artifactsSchema,
      );
      const candidates = artifacts
        .filter(({ expired, workflow_run: run }) => !expired && run !== null && run.head_branch === branch)
        .toSorted((a, b) => b.created_at.localeCompare(a.created_at));
      let id: number | undefined;
      for (const { workflow_run: found } of candidates.slice(0, MOST_ASKED)) {
        const run = found === null ? undefined : await runOf(found.id);
        if (run === undefined || !isOwn(run, OF_THE_BRANCH) || run.event === 'pull_request') continue;
        id ??= run.id;
        if (run.event === 'push') return { id, swept: run.head_sha };
      }
      return id === undefined ? {} : { id };
    },
    async toContinue(given) {
      const run = /^\d{1,15}$/.test(given) ? await runOf(Number(given)) : undefined;
      if (
        run === undefined ||
        !isOwn(run, OF_THE_BRANCH) ||
        run.event === 'pull_request' ||
        run.head_branch !== branch
      )
        throw new SweeplineError(
          'USAGE',
          `${given} is no run of this repository's sweeps on ${branch ?? ''}`,
        );
      return run.id;
    },
    async ofMergedPullRequest() {
      const sha = required(env, 'GITHUB_SHA');
      const pulls = await api.get(`/commits/${sha}/pulls`, pullsSchema);
      const merged = pulls.filter((pull) => pull.merged_at !== null && pull.merge_commit_sha === sha);
      const [pull] = merged;
      if (pull === undefined || merged.length > 1)
        return `${merged.length} pull requests were merged by this commit`;
      if (!pull.labels.some(({ name }) => name === REUSE_LABEL))
        return `#${pull.number} has no label ${REUSE_LABEL}`;
      if (pull.head.repo?.full_name !== repository) return `#${pull.number} comes from a fork`;
      const query = `head_sha=${pull.head.sha}&event=pull_request&status=success&per_page=20`;
      const { workflow_runs: runs } = await api.get(`/actions/workflows/sweep.yml/runs?${query}`, runsSchema);
      const run = runs.find(
        (one) =>
          isOwn(one, [SWEEP]) &&
          one.event === 'pull_request' &&
          one.head_sha === pull.head.sha &&
          one.conclusion === 'success',
      );
      if (run === undefined) return `no sweep of #${pull.number} at ${pull.head.sha} has succeeded`;
      const { artifacts } = await api.get(`/actions/runs/${run.id}/artifacts?per_page=100`, artifactsSchema);
      const names = new Set(artifacts.filter(({ expired }) => !expired).map(({ name }) => name));
      const missing = [ARTIFACTS.run, ARTIFACTS.plan].filter((name) => !names.has(name));
      return missing.length > 0
        ? `run ${run.id} has no ${missing.join(', ')} any more`
        : { id: run.id, url: run.html_url };
    },
  };
}
