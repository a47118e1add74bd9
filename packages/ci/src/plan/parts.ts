import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunReader } from '@sweepline/core';
import type { Plan } from './plan.js';

/** What jobs of the matrix have left: artifacts of theirs, by name, and the runs in them. */
export interface Parts {
  readonly runs: ReadonlyMap<string, readonly string[]>;
  /** Artifacts that are not read, with the reason. */
  readonly refused: readonly string[];
}

const NAME = /^sweep_[a-z0-9-]{1,40}_(?:canary|rest)$/;

export type PartName = 'canary' | 'rest';

export function artifactOf(id: string, part: PartName): string {
  return `sweep_${id}_${part}`;
}

/**
 * Reads a folder of downloaded artifacts. They may come from a fork: one with links or devices in it is not read, nor one whose
 * name no job of a plan gives.
 */
export async function partsIn(folder: string): Promise<Parts> {
  const runs = new Map<string, readonly string[]>();
  const refused: string[] = [];
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    if (!NAME.test(name)) {
      refused.push(`${name}: no job of the plan has this name`);
      continue;
    }
    const odd = await oddFileIn(join(folder, name));
    if (odd === undefined) runs.set(name, await runsIn(join(folder, name)));
    else refused.push(`${name}: ${odd} is neither a file nor a folder`);
  }
  return { runs, refused };
}

async function oddFileIn(folder: string): Promise<string | undefined> {
  const info = await lstat(folder);
  if (info.isFile()) return undefined;
  if (!info.isDirectory()) return folder;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      const odd = await oddFileIn(join(folder, entry.name));
      if (odd !== undefined) return odd;
    } else if (!entry.isFile()) return join(folder, entry.name);
  }
  return undefined;
}

async function runsIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inside = join(folder, entry.name);
    if ((await readdir(inside)).includes('run.json')) found.push(inside);
  }
  return found;
}

/** How the canary of a config has ended. */
export type CanaryState = 'passed' | 'failed' | 'lost';

/** By config; those without a canary have passed it in an earlier run. */
export async function canaryStates(
  { configs }: Plan,
  { runs }: Parts,
  reader: RunReader,
): Promise<ReadonlyMap<string, CanaryState>> {
  const states = new Map<string, CanaryState>();
  for (const { id, canary } of configs)
    states.set(
      id,
      canary === undefined ? 'passed' : await stateOf(runs.get(artifactOf(id, 'canary')) ?? [], reader),
    );
  return states;
}

async function stateOf(folders: readonly string[], reader: RunReader): Promise<CanaryState> {
  const found = await Promise.all(folders.map((folder) => reader.read(folder).catch(() => undefined)));
  const results = found.flatMap((run) => run?.results ?? []);
  if (results.length === 0) return 'lost';
  return results.every(({ state }) => state === 'completed') ? 'passed' : 'failed';
}

/** A part of the plan that was to be measured. */
export interface ExpectedPart {
  readonly id: string;
  readonly part: PartName;
  readonly name: string;
  readonly runner: string;
}

/** Every part that a job was started for: rows of configs whose canary has failed were not. */
export function expectedParts(
  { configs }: Plan,
  states: ReadonlyMap<string, CanaryState>,
): readonly ExpectedPart[] {
  return configs.flatMap(({ id, name, runner, canary, rows }) => [
    ...(canary === undefined ? [] : [{ id, name, runner, part: 'canary' as const }]),
    ...(states.get(id) === 'passed'
      ? rows.map((row) => ({ id: row.id, name, runner, part: 'rest' as const }))
      : []),
  ]);
}
