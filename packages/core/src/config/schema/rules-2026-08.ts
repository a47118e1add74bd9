import { FIELD } from '../fields.js';
import { CLUSTER_PREFIX } from './common.js';
import type { Refinement } from './space.js';

/** A space or entry, as far as a rule looks at it. */
type Given = Readonly<Partial<Record<string, unknown>>>;

const has = (given: Given, field: string): boolean => given[field] !== undefined && given[field] !== null;

export function checkTensorParallelism(
  sizes: { readonly [FIELD.tp]: number; readonly [FIELD.dcpSize]?: number },
  context: Refinement,
): void {
  const size = sizes[FIELD.dcpSize] ?? 1;
  if (sizes[FIELD.tp] % size === 0) return;
  const message = `expected a divisor of ${FIELD.tp}, which is ${sizes[FIELD.tp]}`;
  context.addIssue({ code: 'custom', message, path: [FIELD.dcpSize] });
}

export function checkWorkerHardware(
  space: { readonly [FIELD.prefill]: Given; readonly [FIELD.decode]: Given },
  context: Refinement,
): void {
  const [prefill, decode] = [space[FIELD.prefill], space[FIELD.decode]];
  if (has(prefill, FIELD.hardware) === has(decode, FIELD.hardware)) return;
  const message = `expected ${FIELD.hardware} in both ${FIELD.prefill} and ${FIELD.decode}, or in neither`;
  context.addIssue({ code: 'custom', message });
}

/** A backend belongs to offloading, and offloading needs one. */
export function checkOffloading(space: Given, context: Refinement): void {
  const offloads = has(space, FIELD.kvOffloading) && space[FIELD.kvOffloading] !== 'none';
  if (offloads === has(space, FIELD.kvOffloadBackend)) return;
  const message = offloads
    ? `expected ${FIELD.kvOffloadBackend} beside ${FIELD.kvOffloading}: ${String(space[FIELD.kvOffloading])}`
    : `expected ${FIELD.kvOffloadBackend} only where ${FIELD.kvOffloading} is dram`;
  context.addIssue({ code: 'custom', message, path: offloads ? [] : [FIELD.kvOffloadBackend] });
}

/** Offloading to a node's memory says how much of it. */
export function checkUtilization(
  scenario: {
    readonly [FIELD.searchSpace]: readonly Given[];
    readonly [FIELD.dramUtilization]?: number | null;
  },
  context: Refinement,
): void {
  const offloads = scenario[FIELD.searchSpace].some((space) => space[FIELD.kvOffloading] === 'dram');
  if (!offloads || has(scenario, FIELD.dramUtilization)) return;
  const message = `expected ${FIELD.dramUtilization} beside ${FIELD.kvOffloading}: dram`;
  context.addIssue({ code: 'custom', message });
}

interface Entry extends Given {
  readonly [FIELD.runner]: string;
  readonly [FIELD.disagg]?: boolean;
  readonly [FIELD.scenarios]: Readonly<
    Partial<Record<string, readonly { readonly [FIELD.searchSpace]: readonly Given[] }[] | null>>
  >;
}

export function checkEntry(entry: Entry, context: Refinement): void {
  checkFleet(entry, context);
  checkScopes(entry, context);
  checkTransfer(entry, context);
}

/** Agentic results are compared between points, so that all have to come from one fleet. */
function checkFleet(entry: Entry, context: Refinement): void {
  const agentic = entry[FIELD.scenarios][FIELD.agenticCoding] ?? [];
  if (agentic.length === 0 || entry[FIELD.runner].startsWith(CLUSTER_PREFIX)) return;
  const message = `expected a label that starts with ${CLUSTER_PREFIX}, as ${FIELD.agenticCoding} needs`;
  context.addIssue({ code: 'custom', message, path: [FIELD.runner] });
}

/** A component is told once for the entry, or by search spaces. */
function checkScopes(entry: Entry, context: Refinement): void {
  const spaces = spacesOf(entry);
  for (const field of [FIELD.router, FIELD.kvP2pTransfer]) {
    if (!has(entry, field) || !spaces.some((space) => has(space, field))) continue;
    context.addIssue({
      code: 'custom',
      message: 'expected either here or in search spaces, not both',
      path: [field],
    });
  }
}

/** Disaggregation says how KV caches move. */
function checkTransfer(entry: Entry, context: Refinement): void {
  if (entry[FIELD.disagg] !== true || has(entry, FIELD.kvP2pTransfer)) return;
  const spaces = spacesOf(entry);
  if (spaces.length > 0 && spaces.every((space) => has(space, FIELD.kvP2pTransfer))) return;
  const message = `expected ${FIELD.kvP2pTransfer} on the entry or in every search space`;
  context.addIssue({ code: 'custom', message, path: [FIELD.disagg] });
}

function spacesOf(entry: Entry): readonly Given[] {
  return [FIELD.fixedSeqLen, FIELD.agenticCoding].flatMap((kind) =>
    (entry[FIELD.scenarios][kind] ?? []).flatMap((scenario) => scenario[FIELD.searchSpace]),
  );
}
