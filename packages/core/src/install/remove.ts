import { readFile } from 'node:fs/promises';
import { nearestField } from '../config/issues.js';
import { suggestion } from '../config/nearest.js';
import { withoutPlugin } from '../config/plugin-list.js';
import { pluginNames } from '../config/plugin-names.js';
import { SweeplineError } from '../errors.js';
import { saveFile } from '../results/store.js';
import type { InstallDeps } from './add.js';

/**
 * Removes packages from the list under `plugins:`, and uninstalls those that the project depends on.
 * @throws {SweeplineError} USAGE for a package that isn't listed, PLUGIN_REQUIRES if another one needs it; then nothing is changed.
 */
export async function removePlugins(given: readonly string[], deps: InstallDeps): Promise<void> {
  const { file, project, check, say } = deps;
  const names = [...new Set(given)];
  const listed = await pluginNames(file);
  const unlisted = names.filter((name) => !listed.includes(name));
  const error = SweeplineError.together(
    unlisted.map((name) => notListed(name, listed, file)),
    `${unlisted.length} packages are not listed`,
  );
  if (error !== undefined) throw error;
  await check(listed.filter((name) => !names.includes(name))).catch(unlessRequired);
  const text = await readFile(file, 'utf8');
  await saveFile(
    file,
    names.reduce((edited, name) => withoutPlugin(edited, name, file), text),
  );
  for (const name of names) say(`${name} is no longer listed in ${file}`);
  const installed = await project.dependencies();
  const owned = names.filter((name) => name in installed);
  if (owned.length === 0) return;
  say(`npm uninstall ${owned.join(' ')}`);
  await project.run(['uninstall', '--', ...owned]);
}

/** Broken packages must not prevent the removal: this one may be the cause. */
function unlessRequired(thrown: unknown): void {
  if (thrown instanceof SweeplineError && thrown.code === 'PLUGIN_REQUIRES') throw thrown;
}

function notListed(name: string, listed: readonly string[], file: string): SweeplineError {
  const near = nearestField(name, listed);
  return new SweeplineError(
    'USAGE',
    `${name} is not listed under plugins in ${file}${suggestion(near)}${near === undefined ? `; listed: ${listed.join(', ') || 'none'}` : ''}`,
  );
}
