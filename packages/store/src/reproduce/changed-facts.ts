import type { Result } from '@sweepline/core';
import { object } from '../json.js';
import { differencesOf, type Difference } from '../differences.js';

/** A result, and the plan that it was launched with, if it is known. */
export interface Launched {
  readonly result: Result;
  readonly plan?: unknown;
}

/**
 * What differs between two measurements of a point, apart from its numbers. Numbers among the facts of a node (load, free memory) differ
 * from run to run; names, versions and digests don't.
 */
export function changedFacts(original: Launched, again: Launched): readonly Difference[] {
  const facts = differencesOf(factsOf(original), factsOf(again)).filter(
    ({ original: before, here }) => typeof before !== 'number' || typeof here !== 'number',
  );
  if (original.plan === undefined || again.plan === undefined) return facts;
  return [...facts, ...differencesOf(original.plan, again.plan, 'plan')];
}

function factsOf({ result: { provenance } }: Launched): object {
  const { sweepline, client, prompts, placement, framework, hardware, images, engine } = provenance;
  return { sweepline, client, prompts, placement, framework, hardware, images, engine: object(engine) };
}
