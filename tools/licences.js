// @ts-check
/** The licences of the packages whose code went into a bundle. */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

const LICENCE = /^(licen[cs]e|notice)/i;

/** @param {string} root @param {import('esbuild').Metafile} metafile Its files are relative to the root. @returns {Promise<string>} */
export async function licencesOf(root, { inputs }) {
  const packages = [...new Set(Object.keys(inputs).flatMap((file) => packageOf(file) ?? []))].sort();
  return (await Promise.all(packages.map((folder) => licenceOf(root, folder)))).join('\n');
}

/** Folder of the package that a file is of, relative to the root. @param {string} file */
function packageOf(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** @param {string} root @param {string} folder */
async function licenceOf(root, folder) {
  const path = join(root, folder);
  const { name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  const files = (await readdir(path)).filter((file) => LICENCE.test(basename(file)));
  if (files.length === 0) throw new Error(`${folder} has no licence to go with a bundle`);
  const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')));
  return `${'='.repeat(80)}\n${name} ${version}\n\n${texts.join('\n')}`;
}
