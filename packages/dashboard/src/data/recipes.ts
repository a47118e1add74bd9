import { createHash } from 'node:crypto';
import { object, parsed, text } from '@sweepline/store/json';
import { namesIn, windowsOf, type Chosen } from './chosen.js';
import { asText } from './columns.js';

/** Members of a job that change without another recipe; its image is a column of its own. */
const APART: ReadonlySet<string> = new Set(['exp-name', 'run-eval', 'image']);

/** `recipe` of the chosen points, in order: undefined where nothing is known of it. */
export async function recipesOf(chosen: Chosen): Promise<readonly (string | undefined)[]> {
  const names = namesIn(chosen.columns, ['job', 'extra']);
  const recipes: (string | undefined)[] = [];
  for (const [from, to] of windowsOf(chosen.points)) {
    const cells = await chosen.cells(names, [from, to]);
    for (let index = 0; index < to - from; index += 1)
      recipes.push(recipeOf(asText(cells.get('job')?.[index]), asText(cells.get('extra')?.[index])));
  }
  return recipes;
}

function recipeOf(job: string | undefined, extra: string | undefined): string | undefined {
  const fingerprint = text(object(parsed(extra))['recipe_fingerprint']);
  if (fingerprint !== undefined && fingerprint !== '') return fingerprint;
  const members = Object.entries(object(parsed(job))).filter(([key]) => !APART.has(key));
  if (members.length === 0) return undefined;
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
