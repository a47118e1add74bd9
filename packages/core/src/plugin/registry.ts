import { nearestField } from '../config/issues.js';
import { nearestLabel, suggestion } from '../config/nearest.js';
import { SweeplineError, type ErrorCode } from '../errors.js';
import type { EvalPlugin } from './eval.js';
import type { FrameworkPlugin } from './framework.js';
import type { HardwarePlugin, Sku } from './hardware.js';
import type { NodeLauncher } from './launcher.js';
import type { MetricPlugin } from './metric.js';
import type { PluginKind } from './base.js';
import type { Plugin, PluginOf } from './plugin.js';
import type { ReportPlugin } from './report.js';

/** A plugin with the package that it came in. */
export interface LoadedPlugin<P extends Plugin = Plugin> {
  readonly plugin: P;
  readonly package: string;
  readonly version: string;
}

/** All loaded plugins, found by the names that configs use. */
export interface Registry {
  readonly all: readonly LoadedPlugin[];
  readonly metrics: readonly MetricPlugin[];
  readonly reports: readonly LoadedPlugin<ReportPlugin>[];
  /** Hardware of all plugins. */
  readonly skus: readonly Sku[];
  /** By a config's `framework:`. @throws {SweeplineError} FRAMEWORK_UNKNOWN */
  framework(name: string): LoadedPlugin<FrameworkPlugin>;
  /** @throws {SweeplineError} SKU_UNKNOWN */
  sku(name: string): { readonly sku: Sku; readonly hardware: LoadedPlugin<HardwarePlugin> };
  /** @throws {SweeplineError} LAUNCHER_UNKNOWN */
  launcher(name: string): LoadedPlugin<NodeLauncher>;
  /** @throws {SweeplineError} EVAL_UNKNOWN */
  eval(name: string): LoadedPlugin<EvalPlugin>;
}

/**
 * @throws {SweeplineError} PLUGIN_DUPLICATE when two plugins claim one name, PLUGIN_REQUIRES when one that another
 * needs is missing.
 */
export function createRegistry(all: readonly LoadedPlugin[]): Registry {
  checkUnique(all);
  checkRequires(all);
  index(all, 'metric', 'metric key', (plugin) => plugin.outputs.map((output) => output.key));
  const frameworks = index(all, 'framework', 'framework', (plugin) => plugin.frameworks);
  const hardware = index(all, 'hardware', 'SKU', (plugin) => plugin.skus.map((sku) => sku.name));
  const evals = index(all, 'eval', 'eval', (plugin) => [plugin.name]);
  index(all, 'report', 'report file', (plugin) => (plugin.file === undefined ? [] : [plugin.file]));
  const launchers = index(all, 'launcher', 'launcher', (plugin) => [plugin.name]);
  return {
    all,
    metrics: ofKind(all, 'metric').map((loaded) => loaded.plugin),
    reports: ofKind(all, 'report'),
    skus: ofKind(all, 'hardware').flatMap(({ plugin }) => plugin.skus),
    framework: (name) => find(frameworks, name, 'FRAMEWORK_UNKNOWN', 'framework'),
    launcher: (name) => find(launchers, name, 'LAUNCHER_UNKNOWN', 'launcher'),
    eval: (name) => find(evals, name, 'EVAL_UNKNOWN', 'eval'),
    sku(name) {
      const loaded = find(hardware, name, 'SKU_UNKNOWN', 'hardware SKU');
      const sku = loaded.plugin.skus.find((candidate) => candidate.name === name);
      if (sku === undefined) throw unknown('SKU_UNKNOWN', 'hardware SKU', name, [...hardware.keys()]);
      return { sku, hardware: loaded };
    },
  };
}

function ofKind<K extends PluginKind>(all: readonly LoadedPlugin[], kind: K): LoadedPlugin<PluginOf<K>>[] {
  return all.filter((loaded): loaded is LoadedPlugin<PluginOf<K>> => loaded.plugin.kind === kind);
}

function index<K extends PluginKind>(
  all: readonly LoadedPlugin[],
  kind: K,
  /** What the names are names of. */
  what: string,
  namesOf: (plugin: PluginOf<K>) => readonly string[],
): ReadonlyMap<string, LoadedPlugin<PluginOf<K>>> {
  const byName = new Map<string, LoadedPlugin<PluginOf<K>>>();
  for (const loaded of ofKind(all, kind)) {
    for (const name of namesOf(loaded.plugin)) {
      const other = byName.get(name);
      if (other !== undefined) throw duplicate(`${what} ${name}`, other, loaded);
      byName.set(name, loaded);
    }
  }
  return byName;
}

function checkUnique(all: readonly LoadedPlugin[]): void {
  const seen = new Map<string, LoadedPlugin>();
  for (const loaded of all) {
    const ref = `${loaded.plugin.kind}:${loaded.plugin.name}`;
    const other = seen.get(ref);
    if (other !== undefined) throw duplicate(`plugin ${ref}`, other, loaded);
    seen.set(ref, loaded);
  }
}

function duplicate(what: string, one: LoadedPlugin, other: LoadedPlugin): SweeplineError {
  return new SweeplineError(
    'PLUGIN_DUPLICATE',
    `${what} is claimed by ${one.package} and by ${other.package}`,
    {
      where: { plugin: other.package },
      hint: 'Remove one of them from `plugins:` in configs/sweepline.yaml.',
    },
  );
}

function checkRequires(all: readonly LoadedPlugin[]): void {
  const refs = new Set(all.map(({ plugin }) => `${plugin.kind}:${plugin.name}`));
  for (const { plugin, package: packageName } of all) {
    const missing = plugin.requires?.filter((ref) => !refs.has(ref)) ?? [];
    if (missing.length === 0) continue;
    throw new SweeplineError(
      'PLUGIN_REQUIRES',
      `plugin ${plugin.kind}:${plugin.name} of ${packageName} needs ${missing.join(', ')}, not loaded`,
      {
        where: { plugin: packageName },
        hint: 'Install the package that has it and list it under `plugins:` in configs/sweepline.yaml.',
      },
    );
  }
}

function find<T>(byName: ReadonlyMap<string, T>, name: string, code: ErrorCode, what: string): T {
  const found = byName.get(name);
  if (found === undefined) throw unknown(code, what, name, [...byName.keys()]);
  return found;
}

/** A name that is nearly a known one is a misspelling; what else is unknown may be in a package that isn't listed. */
function unknown(code: ErrorCode, what: string, name: string, known: readonly string[]): SweeplineError {
  const near = code === 'SKU_UNKNOWN' ? nearestLabel(name, known) : nearestField(name, known);
  return new SweeplineError(
    code,
    `no installed plugin serves ${what} ${name}${suggestion(near)}${near === undefined ? ';' : ''} known: ${known.join(', ') || 'none'}`,
    {
      hint:
        near === undefined
          ? 'Install the plugin package that has it (npm install <package>) and list it under `plugins:` in configs/sweepline.yaml.'
          : 'Correct its spelling.',
    },
  );
}
