import { SweeplineError, type CommandContext } from '@sweepline/core';
import { sweeplineAnswer } from '../actions/command-line.js';
import { inputOf, type GitHubEvent } from '../actions/event.js';
import type { Git } from '../git.js';
import { configsOf, type Settings } from '../settings.js';
import type { MatrixJob } from './plan.js';
import { readJobs } from './read-jobs.js';
import { wordsOf } from './words.js';

/** Labels of pull requests that ask for a sweep: of all, or of the lowest concurrency of each config. */
export const SWEEP_LABELS = { all: 'sweep', canaries: 'sweep-canary' } as const;
const SKIP = '[skip-sweep]';

/** What an event asks for. */
export interface Asked {
  readonly jobs: readonly MatrixJob[];
  readonly onlyCanaries: boolean;
  /** Number of jobs whose servers are asked an eval, and not loaded. */
  readonly evals: number;
  readonly base?: string;
  readonly head: string;
  readonly changelog?: unknown;
}

export interface Asking {
  readonly context: CommandContext;
  readonly event: GitHubEvent;
  readonly git: Git;
  readonly settings: Settings;
  /** The last commit of the default branch that was swept. */
  readonly swept: string | undefined;
  /** Of a fork's pull request: the folder with its commit, and that commit. */
  readonly fork: { readonly folder: string; readonly commit: string } | undefined;
}

/** @returns why nothing is to be done, as text @throws {SweeplineError} */
export async function jobsAskedFor(asking: Asking): Promise<Asked | string> {
  const { event, git, fork } = asking;
  if (fork !== undefined) return fromFork(asking, fork);
  if (event.name === 'push') return fromPush(asking);
  if (event.name === 'pull_request') return fromPullRequest(asking);
  const command = inputOf(event, 'command');
  const args = command === undefined ? [] : wordsOf(command);
  if (args.some((word) => word.startsWith('--format')))
    throw new SweeplineError('USAGE', 'the command can not say --format');
  const { stdout } = await sweeplineAnswer(asking.context, ['matrix', ...args, '--format', 'json']);
  const { jobs, evals } = readJobs(stdout);
  return { jobs, evals, onlyCanaries: false, head: await git.head() };
}

async function fromPush(asking: Asking): Promise<Asked | string> {
  const { event, git, swept } = asking;
  if ((await git.message()).includes(SKIP)) return `the commit's message has ${SKIP}`;
  const head = await git.head();
  // What was pushed while another sweep ran is in it as well.
  const since = swept === undefined ? undefined : await git.mergeBase(swept, head);
  const base = since !== undefined && since === swept ? since : event.before;
  if (base === undefined || /^0*$/.test(base))
    return 'the branch is new: there is nothing to compare it with';
  return since === head ? 'this commit was swept' : fromChangelog(asking, base, head);
}

async function fromPullRequest(asking: Asking): Promise<Asked | string> {
  const { event, git } = asking;
  const { pull_request: pull, action, label, repository } = event;
  if (pull === undefined || repository === undefined) return 'the event names no pull request';
  if (pull.draft) return 'the pull request is a draft';
  if (pull.head.repo?.full_name !== repository.full_name)
    return 'the pull request comes from a fork: a maintainer starts its sweep by the workflow sweep-fork, for one commit';
  const names = pull.labels.map(({ name }) => name);
  const wanted = Object.values(SWEEP_LABELS).filter((name) => names.includes(name));
  if (wanted.length === 0) return `the pull request has no label ${Object.values(SWEEP_LABELS).join(' or ')}`;
  if (wanted.length > 1)
    throw new SweeplineError('USAGE', `the labels ${wanted.join(' and ')} exclude each other`);
  if (action === 'labeled' && !names.some((name) => name === label?.name && isSweepLabel(name)))
    return `the label ${label?.name ?? ''} asks for no sweep`;
  if ((await git.message()).includes(SKIP)) return `the commit's message has ${SKIP}`;
  const head = await git.head();
  if (head !== pull.head.sha)
    throw new SweeplineError('USAGE', `${head} is checked out, and the pull request is at ${pull.head.sha}`);
  const asked = await fromChangelog(asking, pull.base.sha, head);
  return typeof asked === 'string' ? asked : { ...asked, onlyCanaries: wanted[0] === SWEEP_LABELS.canaries };
}

async function fromFork(
  asking: Asking,
  { folder, commit }: NonNullable<Asking['fork']>,
): Promise<Asked | string> {
  const { git, settings, context } = asking;
  const configs = await configsOf(context.root, settings);
  const base = await git.head();
  await git.take(folder, commit, [settings.changelog, ...configs]);
  return fromChangelog(asking, base, commit);
}

async function fromChangelog(
  { context, git, settings }: Asking,
  from: string,
  head: string,
): Promise<Asked | string> {
  const base = await git.mergeBase(from, head);
  if (base === undefined)
    throw new SweeplineError('GIT_FAILED', `${from} and ${head} have no commit in common`);
  if (!(await git.hasChanged(base, head, settings.changelog)))
    return `nothing was added to ${settings.changelog}`;
  const configs = await configsOf(context.root, settings);
  const { stdout } = await sweeplineAnswer(context, [
    ...['changelog', '--base-ref', base, '--head-ref', head, '--changelog-file', settings.changelog],
    ...(configs.length === 0 ? [] : ['--config-files', ...configs]),
  ]);
  const { jobs, evals, changelog } = readJobs(stdout);
  return { jobs, evals, base, head, changelog, onlyCanaries: false };
}

function isSweepLabel(name: string): boolean {
  return Object.values(SWEEP_LABELS).some((label) => label === name);
}
