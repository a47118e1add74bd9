import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '@sweepline/core';

const info = z.object({ startedAt: z.string() });

/** Removes the oldest runs of a folder of results beyond a number; never the one that is named. What is no run stays. */
export async function pruneHistory(resultsDir: string, most: number, kept: string): Promise<void> {
  const found: { readonly name: string; readonly startedAt: string }[] = [];
  for (const name of await readdir(resultsDir)) {
    const text = await readFile(join(resultsDir, name, 'run.json'), 'utf8').catch(() => undefined);
    const read = info.safeParse(text === undefined ? undefined : JSON.parse(text));
    if (read.success && name !== kept) found.push({ name, startedAt: read.data.startedAt });
  }
  found.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  for (const { name } of found.slice(Math.max(0, most - 1)))
    await rm(join(resultsDir, name), { recursive: true });
}
