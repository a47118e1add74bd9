import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { z } from '@sweepline/core';

const PACKAGE = '@sweepline/evals';
/** Tasks of this package, by the name that stands for the file. */
const TASKS: ReadonlyMap<string, string> = new Map([[`${PACKAGE}/first`, 'tasks/first/first.yaml']]);

const manifestSchema = z.object({ version: z.string() });

/** Path of a file of this package. From the sources and from what is built of them, the package is two folders up. */
function packaged(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** The program that asks and scores, in one file. */
export const RUNNER = packaged('dist/runner.js');

/** What asks and scores. */
export const TOOL = {
  name: PACKAGE,
  version: manifestSchema.parse(createRequire(import.meta.url)(packaged('package.json'))).version,
} as const;

/** The file of a task of this package; undefined for other names. */
export function packagedTask(name: string): string | undefined {
  const path = TASKS.get(name);
  return path === undefined ? undefined : packaged(path);
}
