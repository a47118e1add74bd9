import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readResultLines } from '../results/result-lines.js';
import type { Result } from '../results/schema.js';

/** Results of all runs of a folder, the oldest first. What can't be read says nothing. */
export async function pastResults(resultsDir: string): Promise<readonly Result[]> {
  const names = (await readdir(resultsDir).catch(() => [])).sort();
  const runs: Result[][] = [];
  for (const name of names) {
    const { lines } = await readResultLines(join(resultsDir, name));
    runs.push(lines.map(({ result }) => result));
  }
  return runs.flat();
}
