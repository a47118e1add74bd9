import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kind } from './kinds.js';
import { manifestOf } from './manifest.js';
import type { Names } from './names.js';

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** A file of a new package. */
export interface NewFile {
  /** Relative to the package's folder, with slashes. */
  readonly path: string;
  readonly content: string;
}

/** All files of a new plugin package. */
export function pluginFiles(kind: Kind, names: Names): readonly NewFile[] {
  const manifest = `${JSON.stringify(manifestOf(kind, names), undefined, 2)}\n`;
  return [
    { path: 'package.json', content: manifest },
    ...[...templateFiles('shared'), ...templateFiles(kind)].map(({ path, content }) => ({
      path: filled(path, names),
      content: filled(content, names),
    })),
  ].sort((one, other) => (one.path < other.path ? -1 : 1));
}

function templateFiles(folder: string, under = ''): readonly NewFile[] {
  return readdirSync(join(TEMPLATES, folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) return templateFiles(folder, path);
    const content = readFileSync(join(TEMPLATES, folder, path), 'utf8');
    // npm leaves files with this name out of packages.
    return [{ path: path === 'gitignore' ? '.gitignore' : path, content }];
  });
}

/**
 * Names that templates contain, which make them work as they are, and their replacements. All are replaced at once, because a replacement
 * may contain another one's name.
 */
function filled(text: string, { package: packageName, plugin }: Names): string {
  const snake = plugin.replaceAll('-', '_');
  const names: Readonly<Record<string, string>> = {
    'my-package': packageName,
    'my-plugin': plugin,
    my_plugin: snake,
    MY_PLUGIN: snake.toUpperCase(),
  };
  return text.replaceAll(/my-package|my-plugin|my_plugin|MY_PLUGIN/g, (word) => names[word] ?? word);
}
