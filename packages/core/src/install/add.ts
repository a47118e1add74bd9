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
  /** Loads these packages as a workspace would that lists them. @throws {SweeplineError} where it could not. */
  readonly check: (plugins: readonly string[]) => Promise<void>;
  readonly say: (line: string) => void;
}

/**
 * Installs packages and lists them under `plugins:`. Where one can't be installed, has no plugins, or doesn't go with the others,
 * everything is made as it was.
 * @param specs as npm takes them: names, with a version if need be, or paths relative to `cwd`
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
    for (const name of names) if (!added.includes(name)) say(`${name} is listed in ${file} already`);
    if (added.length === 0) return;
    await check([...listed, ...added]);
    const text = await readFile(file, 'utf8');
    await saveFile(
      file,
      added.reduce((edited, name) => withPlugin(edited, name, file), text),
    );
    for (const name of added) say(`${name} is listed in ${file} now`);
  } catch (thrown) {
    await restore?.().catch((failed: unknown) => {
      say(
        `what npm has installed could not be taken back: ${failed instanceof Error ? failed.message : String(failed)}`,
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
  throw new SweeplineError('PLUGIN_NOT_FOUND', `npm doesn't say which package ${spec.text} is`, {
    hint: 'Install it with npm, and list its name under `plugins:` in configs/sweepline.yaml.',
  });
}
