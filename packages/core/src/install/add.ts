import { readFile } from 'node:fs/promises';
import { withPlugin } from '../config/plugin-list.js';
import { pluginNames } from '../config/plugin-names.js';
import { SweeplineError } from '../errors.js';
import { saveFile } from '../results/store.js';
import type { NpmProject } from './npm.js';
import { installedName, isInstalled, parseSpec } from './package-spec.js';

export interface InstallDeps {
  /** configs/sweepline.yaml. */
  readonly file: string;
  readonly project: NpmProject;
  /** Loads these packages like a workspace that lists them. @throws {SweeplineError} if it can't. */
  readonly check: (plugins: readonly string[]) => Promise<void>;
  readonly say: (line: string) => void;
}

/**
 * Installs packages and lists them under `plugins:`. If one can't be installed, has no plugins, or is incompatible with the others, all
 * changes are undone.
 * @param specs as npm takes them: names, with or without a version, or paths relative to `cwd`
 */
export async function addPlugins(specs: readonly string[], cwd: string, deps: InstallDeps): Promise<void> {
  const { file, project, check, say } = deps;
  const listed = await pluginNames(file);
  let restore: (() => Promise<void>) | undefined;
  try {
    const names: string[] = [];
    for (const spec of specs.map((text) => parseSpec(text, cwd))) {
      if (spec.name !== undefined && spec.anyVersion && isInstalled(spec.name, file)) {
        names.push(spec.name);
        continue;
      }
      restore ??= await project.remember();
      names.push(await install(spec, deps));
    }
    const added = [...new Set(names)].filter((name) => !listed.includes(name));
    for (const name of names) if (!added.includes(name)) say(`${name} is already listed in ${file}`);
    if (added.length === 0) return;
    await check([...listed, ...added]);
    const text = await readFile(file, 'utf8');
    await saveFile(
      file,
      added.reduce((edited, name) => withPlugin(edited, name, file), text),
    );
    for (const name of added) say(`${name} is now listed in ${file}`);
  } catch (thrown) {
    await restore?.().catch((failed: unknown) => {
      say(
        `the installation by npm could not be undone: ${failed instanceof Error ? failed.message : String(failed)}`,
      );
    });
    throw thrown;
  }
}

async function install(spec: ReturnType<typeof parseSpec>, { project, say }: InstallDeps): Promise<string> {
  const before = await project.dependencies();
  say(`npm install ${spec.text}`);
  await project.run(['install', '--', spec.text]);
  const name = installedName(spec, before, await project.dependencies(), project.folder);
  if (name !== undefined) return name;
  throw new SweeplineError('PLUGIN_NOT_FOUND', `npm doesn't report the name of package ${spec.text}`, {
    hint: 'Install it with npm, and list its name under `plugins:` in configs/sweepline.yaml.',
  });
}
