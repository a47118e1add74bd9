import { installPackagesTask, joinPathFragments, type Tree } from '@nx/devkit';
import { kindOf, namesOf, pluginFiles } from 'create-sweepline-plugin';
import { addToWorkspaces } from './workspaces.js';

/** The options, as schemas/plugin.json describes them. */
export interface PluginGeneratorOptions {
  readonly package: string;
  readonly kind: string;
  readonly name?: string;
  readonly directory?: string;
  readonly skipInstall?: boolean;
}

/** Makes a plugin package in an Nx workspace. Its build and test targets are the scripts of its package.json. */
export default function pluginGenerator(
  tree: Tree,
  { package: packageName, kind, name, directory, skipInstall = false }: PluginGeneratorOptions,
): () => void {
  const names = namesOf(packageName, name);
  const files = pluginFiles(kindOf(kind), names);
  const folder = joinPathFragments(directory ?? `packages/${names.package.replace(/^@[^/]*\//, '')}`);
  if (folder.startsWith('..') || folder.startsWith('/'))
    throw new Error(`${folder} is not in this workspace. Choose another folder with --directory.`);
  if (tree.children(folder).length > 0)
    throw new Error(`${folder} is not empty. Choose another folder with --directory.`);
  for (const { path, content } of files) tree.write(joinPathFragments(folder, path), content);
  addToWorkspaces(tree, folder);
  return () => {
    if (!skipInstall) installPackagesTask(tree, true);
  };
}
