import { z } from 'zod';
import { within } from '../../watch/within.js';
import type { EvalPlan, EvalPlugin, EvalScores } from '../eval.js';
import { overlay } from './overlay.js';
import { callOf, pure, type Owner } from './owner.js';
import { deepFreeze } from './read-only.js';
import { checked, rejectionSchema } from './returned.js';

const text = z.string();
const ref = z.strictObject({ ref: z.enum(['endpoint', 'folder']) });
const evalText = z.union([text, z.array(z.union([text, ref]))]);
/** A path that stays in the eval's folder. */
const path = text.regex(/^(?!.*(?:^|\/)\.\.(?:\/|$))[^/\0][^\0]*$/, "expected a path in the eval's folder");

const planSchema = z.looseObject({
  runtime: z.enum(['node', 'server']),
  argv: z.array(evalText).min(1),
  env: z.record(text, evalText).optional(),
  files: z.record(
    path,
    z.union([z.strictObject({ text: evalText }), z.strictObject({ source: text.startsWith('/') })]),
  ),
  setup: z.array(z.array(evalText).min(1)).optional(),
  results: z.array(path).min(1),
  timeoutS: z.number().positive(),
}) as unknown as z.ZodType<EvalPlan>;

const count = z.number().int().nonnegative();
const scoresSchema = z.looseObject({
  scores: z
    .array(
      z.looseObject({
        metric: text.min(1),
        filter: text.min(1),
        value: z.number().min(0).max(1),
        stderr: z.number().nonnegative().optional(),
      }),
    )
    .min(1),
  answers: z.array(z.looseObject({ id: text.min(1), right: z.boolean() })).optional(),
  samples: count.positive(),
  of: count.optional(),
  fewshot: count,
  tool: z.looseObject({ name: text, version: text }),
  dataset: z.looseObject({ name: text, revision: text.optional() }).optional(),
}) as unknown as z.ZodType<EvalScores>;

export function guardEval(plugin: EvalPlugin, owner: Owner): EvalPlugin {
  const call = callOf(plugin, owner, 'plan', 'compute');
  const { notify } = owner;
  return overlay(plugin, {
    rejects: pure(plugin, owner, 'rejects', { schema: rejectionSchema }),
    plan: (context) =>
      within(call, async () => checked(call, planSchema, await plugin.plan(deepFreeze(context))), { notify }),
    scores: pure(plugin, owner, 'scores', { limit: 'compute', schema: scoresSchema }),
  });
}
