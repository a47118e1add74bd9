import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CommandContext, Result } from '@sweepline/core';
import { coreVersion, versionOf } from '../installed.js';
import { list, object, parsed, text, type Json } from '../json.js';
import type { Verified } from '../verify/verify-bundle.js';
import { differencesOf, differenceText } from '../differences.js';
import { planHere } from './run-point.js';

/** What can't be had again. */
export interface NotAgain {
  readonly what: string;
  readonly why: string;
}

export interface Obstacles {
  /** What differs, or isn't known: it may change the numbers. */
  readonly listed: readonly NotAgain[];
  /** Why the point can't be run here at all. */
  readonly blocked?: string;
}

/** What replaces a secret in a plan. */
const MASKED = '***';
/** Differences of a plan that are named. */
const MOST_NAMED = 10;

/** Compares a bundle with this workspace, without running anything. */
export async function obstaclesOf(
  context: Pick<CommandContext, 'root' | 'signal'>,
  { manifest, files }: Verified,
  result: Result,
): Promise<Obstacles> {
  const jsonOf = (name = ''): Json => object(parsed(files.get(name)?.toString()));
  const plan = jsonOf(result.files?.plan);
  const planned = await planProblems(context, result, plan);
  const listed = [
    ...(await versionProblems(context, result)),
    ...imageProblems(result),
    ...(await configProblems(jsonOf('run.json'), manifest?.files ?? [])),
    ...secretProblems(jsonOf(result.files?.load), plan),
    ...reuseProblems(result),
    ...planned.listed,
    ...(manifest?.missing ?? []).filter(
      ({ what }) => what === 'weights' || what === 'seed' || what === 'load',
    ),
  ];
  return planned.blocked === undefined ? { listed } : { listed, blocked: planned.blocked };
}

async function versionProblems(
  { root }: Pick<CommandContext, 'root'>,
  { provenance }: Result,
): Promise<readonly NotAgain[]> {
  const { sweepline, framework } = provenance;
  const core = await coreVersion();
  const others = framework === undefined ? [] : [framework];
  const packages = await Promise.all(
    others.map(async ({ package: name, version }) => {
      const here = await versionOf(name, join(root, 'package.json'));
      if (here === version) return [];
      return [{ what: name, why: `it was ${version}, and here it is ${here ?? 'not installed'}` }];
    }),
  );
  return [
    ...(core === sweepline
      ? []
      : [{ what: 'Sweepline', why: `it was ${sweepline}, and here it is ${core}` }]),
    ...packages.flat(),
  ];
}

/** An image is asked for by its name, which may have got another content. */
function imageProblems({ provenance, job }: Result): readonly NotAgain[] {
  const images = Object.entries(provenance.images ?? {});
  if (images.length === 0 && typeof job['image'] === 'string' && job['image'] !== 'host')
    return [{ what: `image ${job['image']}`, why: 'its digest is not known, so it may be another one now' }];
  return images.flatMap(([name, { digest, id }]) => {
    const was = digest ?? id;
    if (was !== undefined && name.includes(was)) return [];
    return [{ what: `image ${name}`, why: `it was ${was ?? 'of unknown digest'}; compared once it has run` }];
  });
}

/** The job is in the bundle, so that a config isn't needed: it may say why a job is as it is. */
async function configProblems(
  run: Json,
  bundled: readonly { readonly name: string; readonly sha256: string }[],
): Promise<readonly NotAgain[]> {
  const paths = Array.isArray(run['configFiles'])
    ? run['configFiles'].flatMap((path) => text(path) ?? [])
    : [];
  const problems = await Promise.all(
    paths.map(async (path) => {
      const what = `config ${basename(path)}`;
      const content = await readFile(path).catch(() => undefined);
      if (content === undefined) return [{ what, why: 'it is not here; the job of the bundle is run' }];
      const sha256 = createHash('sha256').update(content).digest('hex');
      const isSame = bundled.some((file) => basename(file.name) === basename(path) && file.sha256 === sha256);
      return isSame ? [] : [{ what, why: 'it may have changed; the job of the bundle is run' }];
    }),
  );
  return problems.flat();
}

/** Secrets are never in a bundle, only their names. */
function secretProblems(load: Json, plan: Json): readonly NotAgain[] {
  const { apiKeyEnv, headersEnv } = object(load['endpoint']);
  const inPlan = list(plan['processes']).flatMap(({ env }) =>
    Object.entries(object(env)).flatMap(([name, value]) =>
      typeof value === 'string' && value.includes(MASKED) ? [name] : [],
    ),
  );
  const names = [apiKeyEnv, ...Object.values(object(headersEnv)), ...inPlan].flatMap(
    (name) => text(name) ?? [],
  );
  return [...new Set(names)].map((name) => ({
    what: `secret ${name}`,
    why:
      process.env[name] === undefined
        ? 'the variable is not set here'
        : 'whether it is the same is not known',
  }));
}

function reuseProblems({ provenance: { reused } }: Result): readonly NotAgain[] {
  if (reused === undefined) return [];
  const points = reused.before === 1 ? 'one point' : `${reused.before} points`;
  return [
    { what: 'state of the server', why: `it had served ${points} before, and here it is started anew` },
  ];
}

async function planProblems(
  context: Pick<CommandContext, 'root' | 'signal'>,
  result: Result,
  plan: Json,
): Promise<Obstacles> {
  if (result.endpoint !== undefined) return { listed: [] };
  const here = await planHere(context, result);
  if ('problem' in here) return { listed: [], blocked: `it can't be planned here: ${here.problem}` };
  const found = differencesOf(plan, here.plan);
  const listed = found.slice(0, MOST_NAMED).map((difference) => ({
    what: 'plan',
    why: `${differenceText(difference)}; facts of a node may change that`,
  }));
  const more = found.length - listed.length;
  return { listed: more > 0 ? [...listed, { what: 'plan', why: `${more} more differences` }] : listed };
}
