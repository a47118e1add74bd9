import { readFileSync } from 'node:fs';
import { KINDS, type Kind } from './kinds.js';
import type { Names } from './names.js';

const OWN = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
};
/** The versions that templates are tested with. */
const TOOLS = ['@types/node', 'typescript'];

/** The package.json of a new plugin package. This package has core's version: all Sweepline packages have the same one. */
export function manifestOf(kind: Kind, { package: name, plugin }: Names): object {
  const versions: Readonly<Record<string, string>> = Object.fromEntries([
    ...['@sweepline/core', ...KINDS[kind].uses].map((used) => [used, `^${OWN.version}`] as const),
    ...TOOLS.map((tool) => [tool, `^${OWN.devDependencies[tool] ?? ''}`] as const),
  ]);
  return {
    name,
    version: '0.1.0',
    description: `Sweepline plugin: ${kind} ${plugin}`,
    keywords: ['sweepline-plugin'],
    type: 'module',
    engines: { node: OWN.engines.node },
    files: ['dist/src'],
    exports: {
      '.': { types: './dist/src/index.d.ts', default: './dist/src/index.js' },
      './package.json': './package.json',
    },
    scripts: {
      build: 'tsc',
      test: 'tsc && node --test dist/test/*.test.js',
      prepack: 'tsc',
    },
    peerDependencies: { '@sweepline/core': peerRange(OWN.version) },
    devDependencies: versions,
  };
}

/** A plugin's apiVersion is checked when it is loaded: npm only has to stop at the next major version. */
function peerRange(version: string): string {
  const major = Number(version.split('.')[0]);
  return `>=${version} <${major + 1}.0.0`;
}
