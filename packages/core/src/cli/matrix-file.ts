import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import type { Job } from '../matrix/job.js';
import { readMatrix } from '../matrix/read.js';
import type { App } from './app.js';

/** The jobs of a matrix JSON. @param file `-` is stdin @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_INVALID */
export async function jobsOfMatrix(app: Pick<App, 'cwd'>, file: string): Promise<readonly Job[]> {
  return readMatrix(await contentOf(app, file), file);
}

async function contentOf({ cwd }: Pick<App, 'cwd'>, file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(resolve(cwd, file), 'utf8');
  } catch (thrown) {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${fileProblem(thrown)}`, {
      where: { file },
    });
  }
}
