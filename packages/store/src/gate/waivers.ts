import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { globPattern, loadConfigFile, z } from '@sweepline/core';
import type { Finding } from './rule.js';

const text = z.string().trim().min(1);

/** A file in waivers/: one that lets findings of a rule pass until a day. */
export const waiverSchema = z.strictObject({
  rule: text.describe('Name of the rule.'),
  points: text
    .optional()
    .describe('Points whose findings pass, by their names: dsr1*. Without it all findings of the rule do.'),
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
  for (const name of names.filter((one) => /\.ya?ml$/.test(one)).sort()) {
    const file = join(folder, name);
    waivers.push({ ...(await loadConfigFile(file, waiverSchema)), file });
  }
  return waivers;
}

/** @param today as 2026-01-31, UTC */
export function hasExpired({ expires }: Waiver, today: string): boolean {
  return expires < today;
}

export function isWaived(waiver: Waiver, rule: string, { point }: Finding): boolean {
  if (waiver.rule !== rule) return false;
  return waiver.points === undefined || (point !== undefined && globPattern(waiver.points).test(point));
}
