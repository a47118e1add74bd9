import { readFile } from 'node:fs/promises';
import { object, text } from '@sweepline/store/json';

/** Version of this package. */
export async function ownVersion(): Promise<string> {
  const file = new URL('../../package.json', import.meta.url);
  return text(object(JSON.parse(await readFile(file, 'utf8')))['version']) ?? '';
}
