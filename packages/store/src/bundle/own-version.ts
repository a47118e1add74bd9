import { readFile } from 'node:fs/promises';
import { object, text } from '../json.js';

/** Name and version of this package. */
export async function ownVersion(): Promise<string> {
  const { name, version } = object(
    JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')),
  );
  return `${text(name) ?? ''} ${text(version) ?? ''}`;
}
