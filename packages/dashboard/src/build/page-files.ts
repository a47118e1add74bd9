import { readFile } from 'node:fs/promises';
import { SweeplineError } from '@sweepline/core';

/** The page's own files, as the package has them. */
export interface PageFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

/** @throws {SweeplineError} RESULT_READ_FAILED where the package was not built */
export async function readPage(): Promise<PageFiles> {
  const read = (name: string): Promise<string> =>
    readFile(new URL(`../../dist/page/${name}`, import.meta.url), 'utf8').catch((cause: unknown) => {
      throw new SweeplineError('RESULT_READ_FAILED', `@sweepline/dashboard lacks its file ${name}`, {
        hint: 'Install it again; in a clone, build it.',
        cause,
      });
    });
  const [html, script, style] = await Promise.all(['index.html', 'app.js', 'app.css'].map(read));
  return { html: html ?? '', script: script ?? '', style: style ?? '' };
}
