import { userInfo } from 'node:os';
import { posix } from 'node:path';
import { SweeplineError } from '../../errors.js';
import type { PlannedPoint } from '../../plan/plan.js';
import type { ServePlan } from '../../plugin/launch-plan.js';
import type { Executor } from '../../plugin/node.js';
import { fillPlaceholders } from '../../plugin/placeholders.js';
import { printedOn } from './ask-node.js';
import { wrongSizes } from './safetensors.js';
import { readSnapshot, type Snapshot } from './snapshot.js';

/** Where a plan's model comes from. */
export interface ModelCache {
  /** Hugging Face's cache on the node: what HF_HUB_CACHE says. */
  readonly folder: string;
  /** `org/name`. */
  readonly model: string;
  /** The one that the server's arguments name; default: `main`. */
  readonly revision?: string;
  /** The plan fetches first what is missing. */
  readonly downloads: boolean;
}

export type ModelState =
  | { readonly state: 'complete'; readonly revision: string }
  /** Not there, or not all of it, and the plan will fetch it. */
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' };

/** The cache that a plan's model comes from, where the cluster names one whose path is known here. */
export function cacheOf(
  { point: { job }, runner }: PlannedPoint,
  { roles }: ServePlan,
): ModelCache | undefined {
  const { options } = runner.cluster ?? {};
  if (typeof options !== 'object' || options === null || job.model.startsWith('/')) return undefined;
  const facts = { workspace: '{workspace}', user: userName(), node: runner.label, port: 0 };
  const { 'hf-cache': folder } = fillPlaceholders<{ readonly 'hf-cache'?: unknown }>(options, facts);
  if (typeof folder !== 'string' || folder.includes('{')) return undefined;
  const revision = roles.flatMap(({ argv }) =>
    argv.filter((_, index) => argv[index - 1] === '--revision'),
  )[0];
  const downloads = roles.some(({ setup = [] }) =>
    setup.some(({ argv }) => argv.includes('download') && argv.includes(job.model)),
  );
  return { folder, model: job.model, downloads, ...(typeof revision === 'string' && { revision }) };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '{user}';
  }
}

/**
 * Whether a model is in a node's cache, all of it. No weights are read: of their files the headers, which say how long these are.
 * @throws {SweeplineError} MODEL_INCOMPLETE with what is wrong, unless the plan will fetch it: files that have the wrong length stay as
 * they are when a model is downloaded again.
 */
export async function checkModelCache(
  executor: Executor,
  cache: ModelCache,
  signal: AbortSignal,
): Promise<ModelState> {
  const { folder, model, downloads } = cache;
  const repository = posix.join(folder, `models--${model.replaceAll('/', '--')}`);
  // A cache that isn't there at all is a download.
  if ((await printedOn(executor, ['test', '-d', repository], signal)) === undefined)
    return { state: 'absent' };
  const found = await readSnapshot(executor, repository, cache.revision, signal);
  if (found === undefined) return { state: 'unknown' };
  const problem = problemOf(found);
  if (problem !== undefined && !downloads) throw incomplete(executor, cache, repository, problem);
  if (problem !== undefined || !found.folder) return { state: 'absent' };
  const wrong = await wrongSizes(executor, found.folder, found.files);
  if (wrong.length > 0) throw incomplete(executor, cache, repository, `of the wrong length: ${few(wrong)}`);
  return { state: 'complete', revision: found.revision };
}

/** What is missing, in words. */
function problemOf({ revision, folder, there, missing, unfinished }: Snapshot): string | undefined {
  const begun = unfinished > 0 ? '; a download is under way, or was broken off' : '';
  if (folder === undefined) {
    const others = there.length === 0 ? 'there is no other' : `there is ${few(there)}`;
    return `revision ${revision} has no files; ${others}${begun}`;
  }
  return missing.length === 0 ? undefined : `missing: ${few(missing)}${begun}`;
}

function incomplete(
  executor: Executor,
  { model }: ModelCache,
  repository: string,
  problem: string,
): SweeplineError {
  const { name: node } = executor.node;
  return new SweeplineError('MODEL_INCOMPLETE', `${model} in the cache of ${node} is not whole: ${problem}`, {
    where: { node, file: repository },
    hint: `Remove what is wrong there, and fetch it again on that node: hf download ${model}.`,
    again: false,
  });
}

/** The first few, and how many more there are. */
function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
