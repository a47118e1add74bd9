import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { parseYaml } from './yaml/parse.js';

const WORKSPACE_FILE = join('configs', 'sweepline.yaml');

/** The workspace at or above a folder; undefined if there is none. */
export function findWorkspace(folder: string): { readonly root: string; readonly file: string } | undefined {
  for (let root = resolve(folder); ; root = dirname(root)) {
    const file = join(root, WORKSPACE_FILE);
    if (existsSync(file)) return { root, file };
    if (dirname(root) === root) return undefined;
  }
}

/**
 * Only the packages that a workspace's file lists under `plugins:`. `--help` needs nothing else, and checking the whole file
 * would take longer than the rest of it. Invalid names are left to that check.
 * @throws {SweeplineError} CONFIG_NOT_FOUND or CONFIG_SYNTAX
 */
export async function pluginNames(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${fileProblem(cause)}`, { cause });
  });
  const { value } = await parseYaml(text, file);
  const { plugins } = Object(value) as { readonly plugins?: unknown };
  if (!Array.isArray(plugins)) return [];
  return plugins.filter((name): name is string => typeof name === 'string' && name !== '');
}
