import { z } from 'zod';
import { SweeplineError } from '../errors.js';
import { metricNamesSchema } from '../load/server-metrics/quantities.js';
import { RESERVED_OUTPUTS } from './metric.js';
import { API_VERSION, PLUGIN_KINDS } from './base.js';
import type { Plugin } from './plugin.js';
import { BUILTIN_REPORTS } from './report.js';

const fn = z.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');
const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a kebab-case name');
const pluginRef = z
  .string()
  .regex(new RegExp(`^(${PLUGIN_KINDS.join('|')}):.+$`), 'expected kind:name, such as framework:sglang');
const schema = z.custom<z.ZodType>(
  (value) => typeof (value as z.ZodType | undefined)?.safeParse === 'function',
  'expected a zod schema',
);

const base = {
  name,
  apiVersion: z.literal(API_VERSION, {
    error: ({ input }) => `expected ${API_VERSION}, got ${String(input)}`,
  }),
  requires: z.array(pluginRef).optional(),
  options: schema.optional(),
};

export const skuSchema = z.looseObject({
  name,
  device: name,
  devicesPerNode: z.number().int().positive(),
});
const output = z.looseObject({
  key: z
    .string()
    .min(1)
    .refine((key) => !RESERVED_OUTPUTS.has(key), 'this key says what was measured; choose another'),
  label: z.string(),
  unit: z.string(),
  better: z.enum(['lower', 'higher', 'neither']),
  definition: z.string(),
  level: z.enum(['row', 'raw']).optional(),
});

/** A bare name would be looked for where core is, and not where the plugin is. */
const moduleUrl = z.url("expected a module's address, such as import.meta.resolve('./codec.js')");
const serverMetrics = z.strictObject({
  path: z.string().startsWith('/').optional(),
  names: metricNamesSchema.optional(),
});

/** What core relies on when it calls a plugin; members that only a later stage reads are left to that stage. */
const schemas = [
  z.looseObject({
    kind: z.literal('framework'),
    ...base,
    frameworks: z.array(name).min(1),
    plan: fn,
    rejects: fn.optional(),
    worker: fn.optional(),
    precisions: z.array(z.string().min(1)).min(1).optional(),
    devices: fn.optional(),
    intended: fn.optional(),
    effective: fn.optional(),
    answers: z.array(z.string().startsWith('/')).optional(),
    codec: moduleUrl.optional(),
    serverMetrics: serverMetrics.optional(),
  }),
  z.looseObject({
    kind: z.literal('recipes'),
    ...base,
    framework: name,
    recipes: z.array(z.looseObject({})),
  }),
  z.looseObject({
    kind: z.literal('hardware'),
    ...base,
    skus: z.array(skuSchema).min(1),
    container: fn.optional(),
    visibleDevices: fn.optional(),
    detect: fn.optional(),
    preflight: fn.optional(),
    telemetry: fn.optional(),
    powerSource: z.string().optional(),
    counterSource: z.string().optional(),
  }),
  z.looseObject({ kind: z.literal('metric'), ...base, outputs: z.array(output).min(1), compute: fn }),
  z.looseObject({
    kind: z.literal('launcher'),
    ...base,
    acquire: fn,
    site: fn.optional(),
    diagnose: fn.optional(),
    commands: fn.optional(),
  }),
  z.looseObject({
    kind: z.literal('eval'),
    ...base,
    rejects: fn.optional(),
    plan: fn,
    scores: fn,
  }),
  z.looseObject({
    kind: z.literal('report'),
    ...base,
    name: name.refine((one) => !isBuiltinReport(one), 'core has a report of this name; choose another'),
    file: z
      .string()
      .regex(/^report\.[a-z0-9]{1,8}$/, 'expected report. and an extension, such as report.html')
      .optional(),
    write: fn,
  }),
] as const;

const pluginSchema = z.discriminatedUnion('kind', schemas, {
  error: ({ input }) => unknownKind(input),
});

function unknownKind(input: unknown): string {
  const { kind } = Object(input) as { readonly kind?: unknown };
  return `this version of Sweepline has no plugins of kind ${String(kind)}, only ${PLUGIN_KINDS.join(', ')}`;
}

function isBuiltinReport(name: string): boolean {
  return BUILTIN_REPORTS.some((one) => one === name);
}

/**
 * The default export of a plugin package as plugins.
 * @throws {SweeplineError} PLUGIN_INVALID that names the package, the member and what was expected there.
 */
export function checkPlugins(exported: unknown, packageName: string): readonly Plugin[] {
  if (!Array.isArray(exported)) {
    throw invalid(packageName, `its default export is ${describe(exported)}, not an array of plugins`);
  }
  return exported.map((candidate: unknown, index) => checkPlugin(candidate, index, packageName));
}

function checkPlugin(candidate: unknown, index: number, packageName: string): Plugin {
  const parsed = pluginSchema.safeParse(candidate);
  // The object itself is handed on, not zod's copy: plugins may keep state of their own behind `this`.
  if (parsed.success) return candidate as Plugin;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw invalid(
    packageName,
    `its plugin ${pluginLabel(candidate, index)} is not valid: ${problems.join('; ')}`,
    versionHint((candidate as { readonly apiVersion?: unknown } | null)?.apiVersion, packageName),
  );
}

function pluginLabel(candidate: unknown, index: number): string {
  const named = candidate as { readonly kind?: unknown; readonly name?: unknown } | null | undefined;
  return typeof named?.name === 'string' ? `${String(named.kind)}:${named.name}` : `at index ${index}`;
}

function describe(value: unknown): string {
  return value === undefined ? 'missing' : value === null ? 'null' : `of type ${typeof value}`;
}

/** Which side is old; undefined where that is not what is wrong. */
function versionHint(version: unknown, packageName: string): string | undefined {
  if (typeof version !== 'number' || version === API_VERSION) return undefined;
  return version > API_VERSION
    ? `${packageName} is made for a newer Sweepline (apiVersion ${version}, this one has ${API_VERSION}): update Sweepline (npm install @sweepline/core@latest).`
    : `${packageName} is made for an older Sweepline (apiVersion ${version}, this one has ${API_VERSION}): update the package (npm install ${packageName}@latest).`;
}

function invalid(
  packageName: string,
  problem: string,
  hint = `Report this to the authors of ${packageName}.`,
): SweeplineError {
  return new SweeplineError('PLUGIN_INVALID', `plugin package ${packageName}: ${problem}`, {
    where: { plugin: packageName },
    hint,
  });
}
