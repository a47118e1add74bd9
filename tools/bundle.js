// @ts-check
/** Bundles for Node, each with the licences of the packages whose code it contains. */
import { build } from 'esbuild';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

const LICENCE = /^(licen[cs]e|notice)/i;

/**
 * Writes ES modules, and LICENSES.txt next to them.
 * @param {string} folder @param {import('esbuild').BuildOptions} options Entry points and output.
 */
export async function bundle(folder, options) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    // Modules that core itself requires.
    target: 'node20.19',
    format: 'esm',
    // CommonJS packages require Node's own modules. No module of ours imports this name.
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module';\nconst require = createRequireOf(import.meta.url);",
    },
    logLevel: 'warning',
    ...options,
    metafile: true,
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'LICENSES.txt'), await licencesOf(metafile));
}

/**
 * Modules that look for files next to themselves must find them in tsc's output.
 * @param {string} dist That output. @param {string} folder Of the bundle. @returns {import('esbuild').Plugin}
 */
export function keepAddresses(dist, folder) {
  return {
    name: 'addresses',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, async ({ path }) => {
        if (!path.startsWith(dist + sep)) return undefined;
        const code = await readFile(path, 'utf8');
        const address = JSON.stringify(relative(folder, path));
        return { contents: code.replaceAll('import.meta.url', `new URL(${address}, import.meta.url).href`) };
      });
    },
  };
}

/** @param {import('esbuild').Metafile} metafile With files relative to the root. @returns {Promise<string>} */
async function licencesOf({ inputs }) {
  const packages = [...new Set(Object.keys(inputs).flatMap((file) => packageOf(file) ?? []))].sort();
  return (await Promise.all(packages.map((folder) => licenceOf(folder)))).join('\n');
}

/** Folder of a file's package, relative to the root. @param {string} file */
function packageOf(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** @param {string} folder */
async function licenceOf(folder) {
  const path = join(ROOT, folder);
  const { name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  const files = (await readdir(path)).filter((file) => LICENCE.test(basename(file)));
  if (files.length === 0) throw new Error(`${folder} has no licence file to add to a bundle`);
  const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')));
  return `${'='.repeat(80)}\n${name} ${version}\n\n${texts.join('\n')}`;
}
