import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { globPattern, loadConfigFile, z } from '@sweepline/core';

const text = z.string().trim().min(1);

/** A file of the waivers' folder: it lets findings of a rule pass until a day. The same as a gate's, with files in place of points. */
export const waiverSchema = z.strictObject({
  rule: text.describe('Id of the rule.'),
  files: text
    .optional()
    .describe('Files whose findings pass: benchmarks/*. Without it all findings of the rule do.'),
  author: text.describe('Who answers for it.'),
  reason: text.describe('Why it is right; reports say it.'),
  expires: z.iso.date().describe('The last day on which it counts; UTC.'),
});

export interface Waiver extends z.output<typeof waiverSchema> {
  readonly file: string;
}

/**
 * Waivers of a folder, by file name; none if there is no folder.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID
 */
export async function loadWaivers(folder: string): Promise<readonly Waiver[]> {
  const names = await readdir(folder).catch(() => []);
  const waivers: Waiver[] = [];
  for (const name of names.filter((one) => /\.ya?ml$/.test(one)).sort())
    waivers.push({ ...(await loadConfigFile(join(folder, name), waiverSchema)), file: join(folder, name) });
  return waivers;
}

/** @param today as 2026-01-31, UTC */
export function isWaived(waiver: Waiver, rule: string, path: string, today: string): boolean {
  if (waiver.rule !== rule || waiver.expires < today) return false;
  return waiver.files === undefined || globPattern(waiver.files).test(path);
}
