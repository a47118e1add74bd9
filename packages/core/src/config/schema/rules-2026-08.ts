import { FIELD } from '../fields.js';
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

interface Scoped extends Given {
  readonly [FIELD.disagg]?: boolean;
  readonly [FIELD.scenarios]: Given;
}

/** The components of an entry are told in one place; disaggregation says how KV caches move. */
export function checkScopes(entry: Scoped, context: Refinement): void {
  const spaces = [FIELD.fixedSeqLen, FIELD.agenticCoding].flatMap((kind) =>
    ((entry[FIELD.scenarios][kind] ?? []) as readonly Given[]).flatMap(
      (scenario) => scenario[FIELD.searchSpace] as readonly Given[],
    ),
  );
  for (const field of [FIELD.router, FIELD.kvP2pTransfer]) {
    if (!has(entry, field) || !spaces.some((space) => has(space, field))) continue;
    const message = `expected either here or in search spaces, not both`;
    context.addIssue({ code: 'custom', message, path: [field] });
  }
  if (entry[FIELD.disagg] !== true || has(entry, FIELD.kvP2pTransfer)) return;
  if (spaces.length > 0 && spaces.every((space) => has(space, FIELD.kvP2pTransfer))) return;
  const message = `needs ${FIELD.kvP2pTransfer} beside it, or in every search space`;
  context.addIssue({ code: 'custom', message, path: [FIELD.disagg] });
}
