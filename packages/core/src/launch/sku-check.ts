import { SweeplineError, messageOf } from '../errors.js';
import { layOut, type PlacedProcess } from '../plan/layout.js';
import type { ResolvedRunner } from '../plan/runners.js';
import type { HardwarePlugin, Sku } from '../plugin/hardware.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import type { Executor } from '../plugin/node.js';

/** What could not be checked, is less than the SKU's and yet enough, or came later; nothing where all nodes are as they should be. */
export interface SkuFinding {
  readonly kind: 'unchecked' | 'fewer-devices' | 'node-shared';
  readonly message: string;
}

/**
 * Asks each node that will serve whether it has the runner's SKU, before anything is started: a result under another
 * device's name would be worse than none.
 * @throws {SweeplineError} SKU_MISMATCH when a node has other devices, none, or fewer than the plan takes.
 */
export async function checkSku(
  { label, sku, hardware: { plugin }, detect }: ResolvedRunner,
  plan: ServePlan,
  executors: readonly Executor[],
  signal: AbortSignal,
): Promise<readonly SkuFinding[]> {
  if (detect === false) return [unchecked(`runners.${label}.detect is false`, sku)];
  const placed = layOut(plan.roles, sku.devicesPerNode);
  const findings = await Promise.all(
    executors.map((executor, node) =>
      checkNode(executor, plugin, sku, label, devicesOn(node, placed), signal),
    ),
  );
  return findings.filter((finding) => finding !== undefined);
}

async function checkNode(
  executor: Executor,
  plugin: HardwarePlugin,
  sku: Sku,
  label: string,
  needed: number,
  signal: AbortSignal,
): Promise<SkuFinding | undefined> {
  const { name } = executor.node;
  if (plugin.detect === undefined) return unchecked(`hardware plugin ${plugin.name} can't detect it`, sku);
  let found: readonly Sku[] | undefined;
  try {
    found = await plugin.detect(executor, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return unchecked(`hardware plugin ${plugin.name} failed on ${name}: ${messageOf(thrown)}`, sku);
  }
  if (found === undefined)
    return unchecked(`hardware plugin ${plugin.name} found no tool for it on ${name}`, sku);
  const own = found.find((one) => one.name === sku.name);
  if (own === undefined) throw mismatch(label, `node ${name} has no ${sku.name}; ${describe(found, plugin)}`);
  if (own.devicesPerNode < needed) {
    throw mismatch(
      label,
      `the plan takes ${needed} × ${sku.name} of node ${name}; ${describe([own], plugin)}`,
    );
  }
  if (own.devicesPerNode >= sku.devicesPerNode) return undefined;
  const message = `node ${name} shows ${own.devicesPerNode} devices, a node of ${sku.name} has ${sku.devicesPerNode}`;
  return { kind: 'fewer-devices', message };
}

/** Devices of a node that a plan's processes take. */
function devicesOn(node: number, placed: readonly PlacedProcess[]): number {
  return placed
    .filter(({ node: first, role: { place } }) => {
      const nodes = place.wireUp === 'pmix' ? place.nodes : 1;
      return first <= node && node < first + nodes;
    })
    .reduce((sum, { devices }) => sum + devices.length, 0);
}

/** What a node has, and by which tool that was seen. */
function describe(found: readonly Sku[], { name }: HardwarePlugin): string {
  if (found.length === 0) return `hardware plugin ${name} found none of its devices there`;
  const each = found.map(
    ({ name: sku, devicesPerNode, sources: [source] }) =>
      `${devicesPerNode} × ${sku}${source === undefined ? '' : ` (${source.what})`}`,
  );
  return `hardware plugin ${name} found ${each.join(', ')}`;
}

function unchecked(why: string, { name }: Sku): SkuFinding {
  return { kind: 'unchecked', message: `it was not checked that the node has ${name}: ${why}` };
}

function mismatch(label: string, message: string): SweeplineError {
  return new SweeplineError('SKU_MISMATCH', message, {
    hint:
      `Choose a runner whose SKU the node has, or give ${label} the right one under \`runners:\` in configs/sweepline.yaml; ` +
      '`detect: false` there turns the check off, and marks the results.',
  });
}
