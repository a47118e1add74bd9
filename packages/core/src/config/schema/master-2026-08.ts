import { z } from 'zod';
import { FIELD } from '../fields.js';
import {
  byMultinode,
  CLUSTER_PREFIX,
  component,
  entryFields,
  flag,
  offloadBackend,
  text,
  wholeAboveZero,
} from './common.js';
import {
  checkConcurrencies,
  lengthFields,
  singleNodeFields,
  spaceFields,
  workerFields,
  type Refinement,
} from './space.js';
import {
  checkOffloading,
  checkScopes,
  checkTensorParallelism,
  checkWorkerHardware,
} from './rules-2026-08.js';

const parallelism = {
  [FIELD.pp]: wholeAboveZero.optional().describe('Pipeline parallelism; default 1.'),
  [FIELD.dcpSize]: wholeAboveZero
    .optional()
    .describe('Decode context parallelism, which divides tp; default 1.'),
  [FIELD.pcpSize]: wholeAboveZero.optional().describe('Prefill context parallelism; default 1.'),
};

const router = component
  .nullish()
  .describe('Router before the workers; on the entry or on search spaces, not both.');
const transfer = text
  .nullish()
  .describe('How KV caches move from prefill to decode; on the entry or on search spaces, not both.');

const worker = z
  .strictObject({
    ...workerFields,
    ...parallelism,
    [FIELD.hardware]: text
      .nullish()
      .describe('Hardware of this kind of worker; for both kinds or for neither.'),
  })
  .superRefine(checkTensorParallelism);

const singleNodeSpace = z
  .strictObject({ ...singleNodeFields, ...parallelism, ...spaceFields, [FIELD.router]: router })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkTensorParallelism(space, context);
  });

const workers = {
  [FIELD.prefill]: worker.describe('Workers that prefill.'),
  [FIELD.decode]: worker.describe('Workers that decode.'),
};

const multiNodeSpace = z
  .strictObject({ ...workers, ...spaceFields, [FIELD.router]: router, [FIELD.kvP2pTransfer]: transfer })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkWorkerHardware(space, context);
  });

const offloading = {
  [FIELD.kvOffloadBackend]: offloadBackend
    .nullish()
    .describe('What offloads; needed where KV caches are offloaded.'),
};
const offloadKinds = z.enum(['none', 'dram']).describe('Where KV caches are offloaded to.');

const agenticSingleNode = z
  .strictObject({
    ...singleNodeFields,
    ...parallelism,
    ...spaceFields,
    ...offloading,
    [FIELD.kvOffloading]: offloadKinds,
    [FIELD.router]: router,
  })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkTensorParallelism(space, context);
    checkOffloading(space, context);
  });

const agenticMultiNode = z
  .strictObject({
    ...workers,
    ...spaceFields,
    ...offloading,
    // Written by some entries to say that it isn't a single-node topology.
    [FIELD.tp]: z.null({ error: 'expected no tp beside prefill and decode' }).optional(),
    [FIELD.kvOffloading]: offloadKinds.nullish(),
    [FIELD.router]: router,
    [FIELD.kvP2pTransfer]: transfer,
  })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkWorkerHardware(space, context);
    checkOffloading(space, context);
  });

const dramUtilization = z
  .number({ error: 'expected a number above 0 and up to 1' })
  .gt(0, { error: 'expected a number above 0 and up to 1' })
  .lte(1, { error: 'expected a number above 0 and up to 1' })
  .nullish()
  .describe("Share of a node's memory that offloaded KV caches may take; needed for offloading to dram.");

function scenarios<Fixed extends z.ZodType, Agentic extends z.ZodType>(fixed: Fixed, agentic: Agentic) {
  const agenticCoding = z
    .strictObject({ [FIELD.searchSpace]: z.array(agentic), [FIELD.dramUtilization]: dramUtilization })
    .superRefine(checkUtilization);
  return z
    .strictObject({
      [FIELD.fixedSeqLen]: z
        .array(z.strictObject({ ...lengthFields, [FIELD.searchSpace]: z.array(fixed) }))
        .nullish()
        .describe('Requests of fixed input and output length.'),
      [FIELD.agenticCoding]: z.array(agenticCoding).nullish().describe('Replayed traces of coding agents.'),
    })
    .refine(
      (given) => (given[FIELD.fixedSeqLen]?.length ?? 0) + (given[FIELD.agenticCoding]?.length ?? 0) > 0,
      {
        error: `expected at least one scenario: ${FIELD.fixedSeqLen} or ${FIELD.agenticCoding}`,
      },
    )
    .describe('What is measured.');
}

function checkUtilization(
  scenario: {
    readonly [FIELD.searchSpace]: readonly unknown[];
    readonly [FIELD.dramUtilization]?: number | null;
  },
  context: Refinement,
): void {
  const spaces = scenario[FIELD.searchSpace] as readonly { readonly [FIELD.kvOffloading]?: unknown }[];
  if (
    scenario[FIELD.dramUtilization] != null ||
    !spaces.some((space) => space[FIELD.kvOffloading] === 'dram')
  )
    return;
  context.addIssue({
    code: 'custom',
    message: `expected ${FIELD.dramUtilization} beside ${FIELD.kvOffloading}: dram`,
  });
}

const singleNode = z.strictObject({
  ...entryFields,
  [FIELD.multinode]: z.literal(false),
  [FIELD.disagg]: z.literal(false, { error: 'expected false where multinode is false' }).optional(),
  [FIELD.router]: router,
  [FIELD.scenarios]: scenarios(singleNodeSpace, agenticSingleNode),
});

const multiNode = z.strictObject({
  ...entryFields,
  [FIELD.multinode]: z.literal(true),
  [FIELD.disagg]: flag.optional().describe('Prefill and decode run on different workers; default false.'),
  [FIELD.router]: router,
  [FIELD.kvP2pTransfer]: transfer,
  [FIELD.scenarios]: scenarios(multiNodeSpace, agenticMultiNode),
});

/** An entry of a master config as InferenceX had them in August 2026. */
export const entry202608 = z
  .discriminatedUnion(FIELD.multinode, [singleNode, multiNode], byMultinode)
  .superRefine((entry, context) => {
    if (
      (entry[FIELD.scenarios][FIELD.agenticCoding]?.length ?? 0) > 0 &&
      !entry[FIELD.runner].startsWith(CLUSTER_PREFIX)
    ) {
      const message = `expected a label that starts with ${CLUSTER_PREFIX}, as ${FIELD.agenticCoding} needs`;
      context.addIssue({ code: 'custom', message, path: [FIELD.runner] });
    }
    checkScopes(entry, context);
  });

export const master202608 = z.record(z.string(), entry202608).describe('Config entries by key.');
