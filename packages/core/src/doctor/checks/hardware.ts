import { messageOf, SweeplineError } from '../../errors.js';
import type { HardwarePlugin, Sku } from '../../plugin/hardware.js';
import {
  ifThere,
  ok,
  problem,
  warning,
  whichPoints,
  type Check,
  type Diagnosis,
  type DoctorContext,
} from '../diagnosis.js';

/** Which SKUs this machine has, and whether the default configs' runners match them. */
export const hardware: Check = {
  name: 'hardware',
  async run(context) {
    const registry = await ifThere(context.registry());
    if (registry === undefined) return [];
    const plugins = registry.all.flatMap(({ plugin }) => (plugin.kind === 'hardware' ? [plugin] : []));
    const looks = await Promise.all(plugins.map((plugin) => look(plugin, context)));
    const found = looks.flatMap(({ skus }) => skus);
    return [
      ...looks.flatMap(({ notes }) => notes),
      found.length === 0
        ? warning(
            'no SKU of an installed hardware plugin is on this machine',
            'sweepline plugins add <package>',
          )
        : ok(found.map(describe).join(', ')),
      ...(await wanted(context, found)),
    ];
  },
};

interface Look {
  readonly skus: readonly Sku[];
  /** What else is to be said of its devices. */
  readonly notes: readonly Diagnosis[];
}

async function look(plugin: HardwarePlugin, context: DoctorContext): Promise<Look> {
  const { executor, signal } = context;
  try {
    const skus = (await plugin.detect?.(executor, signal)) ?? [];
    return { skus, notes: skus.length === 0 ? [] : await lookAtDevices(plugin, context) };
  } catch (thrown) {
    const message = `hardware plugin ${plugin.name} can't inspect this machine: ${messageOf(thrown)}`;
    return { skus: [], notes: [warning(message, 'Report this to its authors.')] };
  }
}

/** Their driver, and whether something computes on them now: that may have ended when a sweep begins. */
async function lookAtDevices(
  plugin: HardwarePlugin,
  { executor, signal }: DoctorContext,
): Promise<readonly Diagnosis[]> {
  try {
    const { 'driver-version': driver } = (await plugin.preflight?.(executor, signal)) ?? {};
    return driver === undefined ? [] : [ok(`devices of ${plugin.name} are idle; driver ${driver}`)];
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError) || thrown.code !== 'NODE_BUSY') throw thrown;
    return [warning(thrown.message, thrown.hint ?? 'Stop what runs there.')];
  }
}

async function wanted(context: DoctorContext, found: readonly Sku[]): Promise<readonly Diagnosis[]> {
  const planned = (await ifThere(context.points())) ?? [];
  const here = planned.filter(({ runner }) => runner.launcherName === 'local' && runner.detect !== false);
  const runners = new Map(here.map(({ runner }) => [runner.label, runner.sku.name]));
  return [...runners]
    .filter(([, sku]) => found.every(({ name }) => name !== sku))
    .map(([label, sku]) =>
      problem(
        'SKU_MISMATCH',
        `runner ${label} of ${whichPoints(here.filter(({ runner }) => runner.label === label))} has the SKU ${sku}, which this machine doesn't have`,
        'Give it the right SKU under `runners:` in configs/sweepline.yaml, or run its configs on another machine.',
      ),
    );
}

function describe({ name, devicesPerNode, sources: [source] }: Sku): string {
  return `${devicesPerNode} × ${name}${source === undefined ? '' : ` (${source.what})`}`;
}
