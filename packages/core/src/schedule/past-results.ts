import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LINES_FILE } from '../results/run-folder.js';
import { RESULT_STATES } from '../results/schema.js';
import { wholeLines } from '../results/whole-lines.js';
import type { PastPoint } from './estimate.js';

/** Of a result, what an estimate needs: a history has many thousands. */
const lineSchema = z.object({
  result: z.object({
    name: z.string(),
    point: z.string().optional(),
    state: z.enum(RESULT_STATES),
    job: z.record(z.string(), z.unknown()),
    concurrency: z.number(),
    startedAt: z.string(),
    finishedAt: z.string(),
    endpoint: z.looseObject({ baseUrl: z.string(), api: z.string() }).optional(),
  }),
});

/** Results of all runs of a folder, the oldest run first. What can't be read says nothing. */
export async function pastResults(resultsDir: string): Promise<readonly PastPoint[]> {
  const names = (await readdir(resultsDir).catch(() => [])).sort();
  const runs: (readonly PastPoint[])[] = [];
  for (const name of names) {
    const lines = await readFile(join(resultsDir, name, LINES_FILE)).catch(() => Buffer.alloc(0));
    runs.push([...wholeLines(lines)].flatMap(pointIn));
  }
  return runs.flat();
}

function pointIn(line: Buffer): readonly PastPoint[] {
  try {
    return [lineSchema.parse(JSON.parse(line.toString())).result];
  } catch {
    return [];
  }
}
