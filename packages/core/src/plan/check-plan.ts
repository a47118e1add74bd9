import { z } from 'zod';
import { SweeplineError } from '../errors.js';
import { API_NAMES, type LaunchPlan, type Role, type ServePlan } from '../plugin/launch-plan.js';

const role = z.looseObject({
  name: z.string().min(1),
  replicas: z.number().int().positive(),
  runtime: z.looseObject({ kind: z.enum(['container', 'host']) }),
  argv: z.array(z.unknown()).min(1),
  env: z.looseObject({}),
  files: z.looseObject({}),
  ports: z.array(z.looseObject({ name: z.string() })),
  place: z.looseObject({ nodes: z.number().int().positive() }),
});

/** What core goes by when it launches a plan; TypeScript checks the rest for plugins that are written in it. */
const planSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('serve'),
    roles: z.array(role).min(1),
    endpoint: z.looseObject({ role: z.string() }),
    ready: z.array(
      z.looseObject({ role: z.string(), when: z.looseObject({}), timeoutS: z.number().positive() }),
    ),
    client: z.looseObject({ api: z.enum(API_NAMES), model: z.string(), codec: z.url().optional() }),
  }),
  z.looseObject({
    kind: z.literal('delegate'),
    submit: z.looseObject({ argv: z.array(z.unknown()).min(1), env: z.looseObject({}) }),
    collect: z.string(),
  }),
]);

/**
 * A plugin's plan, as it is.
 * @throws {SweeplineError} PLAN_INVALID when it lacks something, or names a role or port that it does not have.
 */
export function checkPlan(plan: LaunchPlan): LaunchPlan {
  const parsed = planSchema.safeParse(plan);
  const problems = parsed.success
    ? danglingNames(plan)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'plan'}: ${message}`);
  if (problems.length === 0) return plan;
  throw new SweeplineError('PLAN_INVALID', `the launch plan is not valid: ${problems.join('; ')}`, {
    hint: 'Report this to the authors of the framework plugin.',
  });
}

/** A readiness check of a misspelt role would never be made, and a server loaded before it is ready. */
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
