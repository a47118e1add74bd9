import { SweeplineError } from '../errors.js';
import { frozenCopy } from '../plugin/guard/read-only.js';
import type { LaunchPlan, Role, ServePlan } from '../plugin/launch-plan.js';
import { planSchema } from './plan-schema.js';

/**
 * A copy of a plugin's plan: a plugin that returns the same object for all jobs, changed for each, then doesn't change earlier
 * plans.
 * @throws {SweeplineError} PLAN_INVALID when something is missing, or when it names a role or port that it does not have.
 */
export function checkPlan(plan: LaunchPlan): LaunchPlan {
  const parsed = planSchema.safeParse(plan);
  const problems = parsed.success
    ? danglingNames(plan)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'plan'}: ${message}`);
  if (problems.length === 0) return frozenCopy(plan);
  throw new SweeplineError('PLAN_INVALID', `the launch plan is not valid: ${problems.join('; ')}`, {
    hint: 'Report this to the authors of the framework plugin.',
  });
}

/** A readiness check for a misspelt role would never run, and the server would be loaded before it is ready. */
function danglingNames(plan: LaunchPlan): readonly string[] {
  if (plan.kind === 'delegate') return [];
  const roles = new Map(plan.roles.map((one) => [one.name, one]));
  return [
    ...plan.roles.flatMap((one) => (one.after ?? []).map((name) => ['after', name] as const)),
    ...plan.ready.map(({ role: name }) => ['ready', name] as const),
    ['endpoint', plan.endpoint.role] as const,
  ]
    .filter(([, name]) => !roles.has(name))
    .map(([member, name]) => `${member} names the role ${name}, which it does not have`)
    .concat(danglingPorts(plan, roles), sameNames(plan));
}

function danglingPorts({ endpoint, ready }: ServePlan, roles: ReadonlyMap<string, Role>): readonly string[] {
  const named = [
    ...(endpoint.name === undefined ? [] : [[endpoint.role, endpoint.name] as const]),
    ...ready.flatMap(({ role: name, when }) => ('tcp' in when ? [[name, when.tcp] as const] : [])),
  ];
  return named
    .filter(([name, port]) => roles.get(name)?.ports.every((one) => one.name !== port))
    .map(([name, port]) => `the role ${name} has no port ${port}`);
}

function sameNames({ roles }: ServePlan): readonly string[] {
  const names = roles.map(({ name }) => name);
  return names.filter((name, i) => names.indexOf(name) < i).map((name) => `two roles are called ${name}`);
}
