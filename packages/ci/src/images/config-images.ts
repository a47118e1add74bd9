import { join } from 'node:path';
import { isThere, loadConfigFile, z, type Sku } from '@sweepline/core';
import { loadMasterConfigs } from '@sweepline/core/config';

/** An image that a config entry has. */
export interface ConfigImage {
  readonly key: string;
  readonly image: string;
  readonly runner: string;
  /** Relative to the folder that configs were looked up from. */
  readonly file: string;
  /** Of `image:`, both from 1. */
  readonly line: number;
  readonly column: number;
}

/** @throws {SweeplineError} for configs that can't be read */
export async function configImages(
  patterns: readonly string[],
  cwd: string,
): Promise<readonly ConfigImage[]> {
  const located = await loadMasterConfigs(patterns, cwd);
  return located.map(({ key, entry: { image, runner }, at }) => {
    const { file = '', line = 1, column = 1 } = at([key, 'image']);
    return { key, image, runner, file, line, column };
  });
}

/** What the CPUs of a runner's nodes run; undefined where its SKU isn't known, or doesn't say. */
export type ArchitectureOf = (runner: string) => string | undefined;

const workspaceFile = z.looseObject({
  runners: z.record(z.string(), z.looseObject({ sku: z.string() })).optional(),
});

/**
 * A runner is a label of the workspace's table, or begins with the name of its SKU: gb200, gb200-nv_0.
 * @throws {SweeplineError} for a workspace file that can't be read
 */
export async function architectures(root: string, skus: readonly Sku[]): Promise<ArchitectureOf> {
  const file = join(root, 'configs', 'sweepline.yaml');
  const { runners = {} } = (await isThere(file)) ? await loadConfigFile(file, workspaceFile, root) : {};
  return (runner) => {
    const named = Object.hasOwn(runners, runner) ? runners[runner]?.sku : undefined;
    const sku =
      skus.find(({ name }) => name === named) ??
      skus.find(({ name }) => new RegExp(`^${name}(?![a-z0-9])`).test(runner));
    return sku?.architecture;
  };
}
