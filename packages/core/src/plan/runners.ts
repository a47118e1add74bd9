import type { HardwarePlugin, Sku } from '../plugin/hardware.js';
import type { NodeLauncher } from '../plugin/launcher.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';

/** What stands behind a job's `runner`. */
export interface ResolvedRunner {
  readonly label: string;
  readonly sku: Sku;
  readonly hardware: LoadedPlugin<HardwarePlugin>;
  readonly launcher: LoadedPlugin<NodeLauncher>;
}

export type RunnerResolver = (label: string) => ResolvedRunner;

export type RunnerTable = Readonly<Record<string, { readonly sku: string; readonly launcher: string }>>;

/** Looks runners up in the workspace's table; a label that isn't there is the name of an SKU on this machine. */
export function createRunnerResolver(table: RunnerTable, registry: Registry): RunnerResolver {
  return (label) => {
    const { sku, launcher } = table[label] ?? { sku: label, launcher: 'local' };
    return { label, ...registry.sku(sku), launcher: registry.launcher(launcher) };
  };
}
