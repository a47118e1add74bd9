import { CLUSTER_PREFIX } from './common.js';
import type { Refinement } from './space.js';

/** A space or entry, reduced to what a rule needs. */
type Given = Readonly<Partial<Record<string, unknown>>>;

const has = (given: Given, field: string): boolean => given[field] !== undefined && given[field] !== null;

export function checkTensorParallelism(
  sizes: { readonly tp: number; readonly 'dcp-size'?: number },
  context: Refinement,
): void {
  const size = sizes['dcp-size'] ?? 1;
  if (sizes.tp % size === 0) return;
  const message = `expected a divisor of tp, which is ${sizes.tp}`;
  context.addIssue({ code: 'custom', message, path: ['dcp-size'] });
}

export function checkWorkerHardware(
  space: { readonly prefill: Given; readonly decode: Given },
  context: Refinement,
): void {
  const [prefill, decode] = [space.prefill, space.decode];
  if (has(prefill, 'hardware') === has(decode, 'hardware')) return;
  const message = 'expected hardware in both prefill and decode, or in neither';
  context.addIssue({ code: 'custom', message });
}

/** A backend is only valid with offloading, and offloading requires one. */
export function checkOffloading(space: Given, context: Refinement): void {
  const offloads = has(space, 'kv-offloading') && space['kv-offloading'] !== 'none';
  if (offloads === has(space, 'kv-offload-backend')) return;
  const message = offloads
    ? `expected kv-offload-backend with kv-offloading: ${String(space['kv-offloading'])}`
    : 'expected kv-offload-backend only if kv-offloading is dram';
  context.addIssue({ code: 'custom', message, path: offloads ? [] : ['kv-offload-backend'] });
}

/** Offloading to a node's memory requires the share that may be used. */
export function checkUtilization(
  scenario: {
    readonly 'search-space': readonly Given[];
    readonly 'dram-utilization'?: number | null;
  },
  context: Refinement,
): void {
  const offloads = scenario['search-space'].some((space) => space['kv-offloading'] === 'dram');
  if (!offloads || has(scenario, 'dram-utilization')) return;
  const message = 'expected dram-utilization with kv-offloading: dram';
  context.addIssue({ code: 'custom', message });
}

interface Entry extends Given {
  readonly runner: string;
  readonly disagg?: boolean;
  readonly scenarios: Readonly<
    Partial<Record<string, readonly { readonly 'search-space': readonly Given[] }[] | null>>
  >;
}

export function checkEntry(entry: Entry, context: Refinement): void {
  checkFleet(entry, context);
  checkScopes(entry, context);
  checkTransfer(entry, context);
}

/** Agentic results are compared between points, so all must come from one fleet. */
function checkFleet(entry: Entry, context: Refinement): void {
  const agentic = entry.scenarios['agentic-coding'] ?? [];
  if (agentic.length === 0 || entry.runner.startsWith(CLUSTER_PREFIX)) return;
  const message = `expected a label that starts with ${CLUSTER_PREFIX}, which agentic-coding requires`;
  context.addIssue({ code: 'custom', message, path: ['runner'] });
}

/** A component is given once for the entry, or in search spaces. */
function checkScopes(entry: Entry, context: Refinement): void {
  const spaces = spacesOf(entry);
  for (const field of ['router', 'kv-p2p-transfer']) {
    if (!has(entry, field) || !spaces.some((space) => has(space, field))) continue;
    context.addIssue({
      code: 'custom',
      message: 'expected either here or in search spaces, not both',
      path: [field],
    });
  }
}

/** Disaggregation requires a statement of how KV caches are transferred. */
function checkTransfer(entry: Entry, context: Refinement): void {
  if (entry.disagg !== true || has(entry, 'kv-p2p-transfer')) return;
  const spaces = spacesOf(entry);
  if (spaces.length > 0 && spaces.every((space) => has(space, 'kv-p2p-transfer'))) return;
  const message = 'expected kv-p2p-transfer on the entry or in every search space';
  context.addIssue({ code: 'custom', message, path: ['disagg'] });
}

function spacesOf(entry: Entry): readonly Given[] {
  return ['fixed-seq-len', 'agentic-coding'].flatMap((kind) =>
    (entry.scenarios[kind] ?? []).flatMap((scenario) => scenario['search-space']),
  );
}
