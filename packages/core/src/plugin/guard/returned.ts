import { z } from 'zod';
import { ERROR_CODES, SweeplineError, type ErrorCode } from '../../errors.js';
import { skuSchema } from '../check.js';
import type { Diagnosis } from '../diagnosis.js';
import type { ContainerSettings, Sku } from '../hardware.js';
import type { LaunchCommand } from '../launch-commands.js';
import type { NodeAnswer, NodeFacts, Output } from '../node.js';
import type { Rejection } from '../rejection.js';
import { nameOf, type PluginCall } from '../../watch/call.js';
import { frozenCopy } from './read-only.js';

/** What core relies on in what plugins give back; TypeScript checks the rest for plugins that are written in it. */
const text = z.string();
const texts = z.array(text);
const environment = z.record(text, text);

export const rejectionSchema = z
  .looseObject({ reason: text.min(1), nearest: z.record(text, z.unknown()).optional() })
  .optional() as z.ZodType<Rejection | undefined>;
export const reasonSchema = text.optional();
export const textsSchema: z.ZodType<readonly string[]> = texts;
export const devicesSchema = z.number().int().nonnegative().optional();
export const environmentSchema: z.ZodType<Readonly<Record<string, string>>> = environment;
export const containerSchema: z.ZodType<ContainerSettings> = z.looseObject({
  docker: texts,
  pyxis: texts,
  env: environment,
});
export const factsSchema: z.ZodType<NodeFacts> = z.record(text, z.union([text, z.number(), z.boolean()]));
export const skusSchema = z.array(skuSchema).optional() as unknown as z.ZodType<readonly Sku[] | undefined>;
export const commandsSchema: z.ZodType<readonly LaunchCommand[]> = z.array(
  z.looseObject({
    argv: texts.min(1),
    env: environment,
    cwd: text.optional(),
    background: z.literal(true).optional(),
    always: z.literal(true).optional(),
    prints: z.literal('job-id').optional(),
  }),
);

const exit = z.looseObject({ code: z.number().optional(), signal: text.optional() });
export const diagnosesSchema: z.ZodType<readonly Diagnosis[]> = z.array(
  z.looseObject({
    state: z.enum(['ok', 'warning', 'problem']),
    message: text,
    hint: text.optional(),
    code: z.custom<ErrorCode>((code) => typeof code === 'string' && code in ERROR_CODES).optional(),
  }),
);
export const outputSchema: z.ZodType<Output> = z.looseObject({
  exit,
  stdout: text,
  stderr: text,
}) as unknown as z.ZodType<Output>;

export const answerSchema: z.ZodType<NodeAnswer> = z.looseObject({ status: z.number().int(), body: text });

const fn = z.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');
const EXECUTOR_CALLS = [
  ...['spawn', 'run', 'copyIn', 'copyOut', 'read', 'follow', 'freePort', 'portInUse', 'http'],
] as const;
const executor = z.custom(
  (value) => {
    const { node, workDir } = membersOf(value, ['node', 'workDir']);
    const { name, host } = membersOf(node, ['name', 'host']);
    return (
      [name, host, workDir].every((one) => typeof one === 'string') &&
      Object.values(membersOf(value, EXECUTOR_CALLS)).every((one) => typeof one === 'function')
    );
  },
  `expected an executor: node { name, host }, workDir, ${EXECUTOR_CALLS.join(', ')}`,
);
const leaseSchema = z.object({ handle: text, executors: z.array(executor).min(1), dispose: fn });
const handleSchema = z.object({
  name: text,
  exited: z.custom((value) => typeof membersOf(value, ['then'])['then'] === 'function', 'expected a promise'),
  lines: fn,
  errorTail: fn,
  stop: fn,
});

/** What a lease lacks that core relies on, if anything. */
export function leaseProblem(lease: unknown): string | undefined {
  return problemOf(leaseSchema, {
    ...membersOf(lease, ['handle', 'executors']),
    dispose: membersOf(lease, [Symbol.asyncDispose])[Symbol.asyncDispose],
  });
}

/** What the handle of a process lacks, if anything. */
export function handleProblem(handle: unknown): string | undefined {
  return problemOf(handleSchema, membersOf(handle, ['name', 'exited', 'lines', 'errorTail', 'stop']));
}

/** Members by name, wherever on its prototypes they are; all undefined for what is no object. */
function membersOf<K extends PropertyKey>(value: unknown, names: readonly K[]): Record<K, unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return Object.fromEntries(
    names.map((name) => [name, isObject ? (Reflect.get(value, name) as unknown) : undefined]),
  ) as Record<K, unknown>;
}

/** A frozen copy of what a call gave. @throws {SweeplineError} PLUGIN_INVALID that names the member and what was expected there. */
export function checked<T>(call: PluginCall, schema: z.ZodType<T>, value: unknown): T {
  const problem = problemOf(schema, value);
  if (problem === undefined) return frozenCopy(value as T);
  throw unusable(call, value, problem);
}

function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  const issues = schema.safeParse(value).error?.issues ?? [];
  const problems = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  return problems.length === 0 ? undefined : problems.join('; ');
}

/** What a call gave can't be used. */
export function unusable(call: PluginCall, value: unknown, problem?: string): SweeplineError {
  const why = problem === undefined ? '' : `: ${problem}`;
  return new SweeplineError(
    'PLUGIN_INVALID',
    `${nameOf(call)} gave ${describe(value)}, which can't be used${why}`,
    {
      where: { plugin: call.package },
      hint: `Report this to the authors of ${call.package}.`,
    },
  );
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
