import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewFile } from './file.js';

const TEMPLATES = fileURLToPath(new URL('../../templates/github', import.meta.url));
export const WORKFLOWS = '.github/workflows';

/** The workflows, as they lie in this package. */
export async function githubFiles(): Promise<readonly NewFile[]> {
  const names = (await readdir(TEMPLATES)).filter((name) => name.endsWith('.yml')).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: `${WORKFLOWS}/${name}`,
      content: await readFile(join(TEMPLATES, name), 'utf8'),
    })),
  );
}
