import { note, type Mark } from './mark.js';

/** A server that has served points before may do better than a fresh one: InferenceX starts one for each on a single node. */
export function reuseMarks(reused?: { readonly before: number; readonly cleared: boolean }): readonly Mark[] {
  if (reused === undefined) return [];
  const { before, cleared } = reused;
  const points = before === 1 ? 'a point' : `${before} points`;
  const caches = cleared ? 'its caches were cleared' : 'its caches were not cleared';
  return [note('reused-server', `its server had served ${points} before, and ${caches} in between`)];
}
