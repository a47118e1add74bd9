import assert from 'node:assert/strict';
import { SweeplineError } from '../errors.js';
import { isMultiNode, type Job } from '../matrix/job.js';
import { optionProblems } from '../plan/check-entries.js';
import type { Conditions } from '../plan/context.js';
import { printPlan } from '../plan/print.js';
import type { PlannedPoint } from '../plan/plan.js';
import { findRecipe, hasRecipes, recipeKey } from '../plan/recipes.js';
import { CODEC_CHECKS } from './codec-checks.js';
import type { Check } from './contract.js';
import { elsewhere } from './elsewhere.js';
import { frameworksIn, recipesIn } from './framework-samples.js';
import { MODES, withNearest, type FrameworkSubject } from './framework-subject.js';
import { assertData, assertDevices, assertPorts, assertRefs } from './plan-assertions.js';

const FIRST_PORT = 8888;
const SECRET = 'secret-of-the-environment';
const SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'OPENAI_API_KEY', 'GITHUB_TOKEN'].map((name) => [name, SECRET]),
);
/** The most suggestions that are followed in turn: the framework, a recipe and its sizes may each reject a job. */
const NEAREST_STEPS = 4;
const UNKNOWN_OPTIONS = { 'option-that-nobody-knows': 1 };

/** What core expects of framework plugins and recipes. */
export const FRAMEWORK_CHECKS: readonly Check<FrameworkSubject>[] = [
  {
    title: 'plans sample jobs, or rejects them with a reason and the nearest job that it plans',
    run: planOrReason,
  },
  { title: 'rejects the jobs that must be rejected', run: refuses },
  { title: 'says where the figures of each recipe come from', run: sources },
  { title: 'plans purely: equal plans for equal jobs, in any order, on any day, on any machine', run: pure },
  {
    title: 'plans consist of data only',
    run: (subject) => everyPlan(subject, ({ plan }) => assertData(plan)),
  },
  {
    title: 'assigns no device twice, and only devices of one node to jobs on one node',
    run: givesDevices,
  },
  {
    title: 'refers only to roles, replicas and ports that exist',
    run: (subject) => everyPlan(subject, ({ plan }) => assertRefs(plan)),
  },
  {
    title: 'takes ports from references, or declares them as fixed',
    run: (subject) => everyPlan(subject, ({ plan }) => assertPorts(plan)),
  },
  { title: 'keeps secrets of the environment out of plans', run: keepsSecrets },
  { title: 'refuses unknown options', run: refusesUnknownOptions },
  ...CODEC_CHECKS,
];

function planOrReason(subject: FrameworkSubject): void {
  const planned = subject.jobs.filter((job) => {
    const outcome = subject.plan(job);
    if (outcome.state === 'planned') return true;
    if (outcome.state === 'failed') throw outcome.error;
    const { reason, nearest } = outcome.rejection;
    assert(reason.trim() !== '', `${outcome.name} is rejected without a reason`);
    if (nearest !== undefined)
      assertPlanned(subject, withNearest(job, nearest), `nearest to ${outcome.name}`);
    return false;
  });
  assert(planned.length > 0, `none of the ${subject.jobs.length} sample jobs is planned`);
}

function givesDevices(subject: FrameworkSubject): void {
  for (const job of subject.jobs) {
    const outcome = subject.plan(job);
    if (outcome.state !== 'rejected' || outcome.refused === undefined) continue;
    const { name, refused, rejection, runner } = outcome;
    told(name, {}, () => {
      assertDevices(refused, job, runner.sku);
      assert.fail(rejection.reason);
    });
  }
  everyPlan(subject, ({ plan, point: { job }, runner }) => {
    // Only strict plans may repeat the original's mistakes, and only for jobs that have no other plan.
    if (subject.plan(job).state === 'planned') assertDevices(plan, job, runner.sku);
  });
}

/** Follows the suggestions of rejections until a job is planned. Without a recipe no suggestion helps. */
function assertPlanned(subject: FrameworkSubject, job: Job, what: string, steps = NEAREST_STEPS): void {
  const outcome = subject.plan(job);
  if (outcome.state !== 'rejected' || !hasRecipe(subject, outcome)) return;
  const { reason, nearest } = outcome.rejection;
  if (nearest === undefined || steps === 0) assert.fail(`${what}, but rejected: ${reason}`);
  // A recipe and its framework each name the nearest values that they know: together these are the nearest job.
  assertPlanned(subject, withNearest(job, nearest), what, steps - 1);
}

function hasRecipe(
  { registry }: FrameworkSubject,
  { framework, runner, point: { job } }: PlannedPoint,
): boolean {
  const { name } = framework.plugin;
  return (
    !hasRecipes(registry, name) ||
    findRecipe(registry, name, recipeKey(job, runner.sku.name, job.framework)) !== undefined
  );
}

function refuses(subject: FrameworkSubject): void {
  for (const job of subject.refused) {
    const { state, name } = subject.plan(job);
    assert.equal(state, 'rejected', `${name} must be rejected`);
  }
}

function sources({ plugins }: FrameworkSubject): void {
  for (const { match, source } of recipesIn(plugins).flatMap(({ recipes }) => recipes)) {
    assert(source.trim() !== '', `the recipe for ${JSON.stringify(match)} has no source`);
  }
}

/** Jobs and recipes are frozen, so code that changes them throws. The second round finds state that the first one left. */
function pure(subject: FrameworkSubject): void {
  assert(subject.jobs.length > 0, 'there is nothing to check: no sample jobs');
  for (const mode of MODES) {
    const first = subject.jobs.map((job) => subject.plan(job, mode));
    const again = elsewhere(SECRETS, () => subject.jobs.toReversed().map((job) => subject.plan(job, mode)));
    for (const [index, one] of again.reverse().entries()) {
      assert.deepEqual(outcomeOf(one), outcomeOf(first[index]), `${one.name} has two different plans`);
    }
  }
}

function outcomeOf(planned: PlannedPoint | undefined): unknown {
  if (planned?.state === 'planned') return planned.plan;
  return planned?.state === 'rejected' ? planned.rejection : planned?.error;
}

type Planned = Extract<PlannedPoint, { readonly state: 'planned' }>;

/** Runs an assertion on the plans of all sample jobs in both modes, and names the plan that failed it. */
function everyPlan(
  subject: FrameworkSubject,
  assertion: (planned: Planned) => void,
  conditions: Partial<Conditions> = {},
): void {
  let count = 0;
  for (const mode of MODES) {
    for (const job of subject.jobs) {
      const planned = subject.plan(job, { ...mode, ...conditions });
      if (planned.state !== 'planned') continue;
      count += 1;
      told(planned.name, mode, () => assertion(planned));
    }
  }
  assert(count > 0, `there is nothing to check: none of the ${subject.jobs.length} sample jobs is planned`);
}

function told(name: string, { strict }: Partial<Conditions>, assertion: () => void): void {
  try {
    assertion();
  } catch (thrown) {
    throw new assert.AssertionError({
      message: `${name}${strict === true ? ' (strict)' : ''}: ${(thrown as Error).message}`,
    });
  }
}

function keepsSecrets(subject: FrameworkSubject): void {
  const leaksNothing = (planned: Planned): void => {
    const printed = JSON.stringify([planned.plan, printPlan(planned, FIRST_PORT)]);
    const at = printed.indexOf(SECRET);
    assert(
      at === -1,
      `the plan contains a secret: ${printed.slice(Math.max(0, at - 80), at + SECRET.length)}`,
    );
  };
  elsewhere(SECRETS, () => everyPlan(subject, leaksNothing, { env: SECRETS }));
}

function refusesUnknownOptions(subject: FrameworkSubject): void {
  for (const { frameworks, options } of frameworksIn(subject.plugins)) {
    for (const framework of frameworks) {
      const problems = optionProblems(entryWith(framework), subject.registry);
      assert(
        problems.some(({ code }) => code === 'OPTIONS_INVALID'),
        `${framework} accepts unknown options`,
      );
      if (options !== undefined) refusesInPlans(subject, framework);
    }
  }
}

function refusesInPlans(subject: FrameworkSubject, framework: string): void {
  const job = subject.jobs.find((one) => one.framework === framework && !isMultiNode(one));
  if (job === undefined) return;
  assert.throws(
    () => subject.plan({ ...job, options: UNKNOWN_OPTIONS }),
    (thrown) => thrown instanceof SweeplineError && thrown.code === 'OPTIONS_INVALID',
    `${framework} plans with unknown options`,
  );
}

function entryWith(framework: string): Parameters<typeof optionProblems>[0] {
  return {
    key: 'sample',
    entry: { framework, options: UNKNOWN_OPTIONS },
    at: () => ({}),
  } as unknown as Parameters<typeof optionProblems>[0];
}
