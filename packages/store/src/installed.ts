import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { object, text } from './json.js';

const CORE = '@sweepline/core';
const HERE = import.meta.url;

/** Name and version of this package. */
export async function ownVersion(): Promise<string> {
  const { name, version } = object(JSON.parse(await readFile(new URL('../package.json', HERE), 'utf8')));
  return `${text(name) ?? ''} ${text(version) ?? ''}`;
}

/** Version of Sweepline that runs this. */
export async function coreVersion(): Promise<string> {
  return (await versionOf(CORE, HERE)) ?? '';
}

/** The command line's main file. */
export async function commandLineFile(): Promise<string> {
  const file = createRequire(HERE).resolve(`${CORE}/package.json`);
  const { bin } = object(JSON.parse(await readFile(file, 'utf8')));
  return join(dirname(file), text(object(bin)['sweepline']) ?? '');
}

/** Version of a package, as a file sees it; undefined if it isn't installed. A package needn't export its package.json. */
export async function versionOf(name: string, from: string): Promise<string | undefined> {
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    const content = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (content !== undefined) return text(object(JSON.parse(content))['version']);
  }
  return undefined;
}
