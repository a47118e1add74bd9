import { dirname, join } from 'node:path';

/** Where a package may be that a file imports, the nearest first: as Node looks for packages, whatever they export. */
export function foldersOfName(name: string, fromFile: string): readonly string[] {
  const parts = name.split('/').slice(0, name.startsWith('@') ? 2 : 1);
  return upwards(dirname(fromFile)).map((folder) => join(folder, 'node_modules', ...parts));
}

/** A folder and those above it. */
export function upwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
