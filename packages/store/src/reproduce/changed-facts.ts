import type { Result } from '@sweepline/core';
import { object } from '../json.js';
import { differencesOf, type Difference } from './differences.js';

/**
 * What differs in provenance between two results of a point. Numbers among the facts of a node (load, free memory) differ from run to run;
 * names, versions and digests don't.
 */
export function changedFacts(original: Result, again: Result): readonly Difference[] {
  return differencesOf(compared(original), compared(again)).filter(
    ({ original: before, here }) => typeof before !== 'number' || typeof here !== 'number',
  );
}

function compared({ provenance }: Result): object {
  const { sweepline, client, prompts, placement, framework, hardware, images, engine } = provenance;
  return { sweepline, client, prompts, placement, framework, hardware, images, engine: object(engine) };
}
