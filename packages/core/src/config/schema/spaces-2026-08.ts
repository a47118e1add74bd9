import { z } from 'zod';
import { component, offloadBackend, text, wholeAboveZero } from './common.js';
import { checkOffloading, checkTensorParallelism, checkWorkerHardware } from './rules-2026-08.js';
import { checkConcurrencies, singleNodeFields, spaceFields, workerFields } from './space.js';

const parallelism = {
  pp: wholeAboveZero.optional().describe('Pipeline parallelism; default 1.'),
  'dcp-size': wholeAboveZero.optional().describe('Decode context parallelism, which divides tp; default 1.'),
  'pcp-size': wholeAboveZero.optional().describe('Prefill context parallelism; default 1.'),
};

export const router = component
  .nullish()
  .describe('Router before the workers; on the entry or on search spaces, not both.');
export const transfer = text
  .nullish()
  .describe(
    'How KV caches are transferred from prefill to decode; on the entry or on search spaces, not both.',
  );

const worker = z
  .strictObject({
    ...workerFields,
    ...parallelism,
    hardware: text.nullish().describe('Hardware of this kind of worker; for both kinds or for neither.'),
  })
  .superRefine(checkTensorParallelism);

export const singleNodeSpace = z
  .strictObject({ ...singleNodeFields, ...parallelism, ...spaceFields, router })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkTensorParallelism(space, context);
  });

const workers = {
  prefill: worker.describe('Workers that prefill.'),
  decode: worker.describe('Workers that decode.'),
};

export const multiNodeSpace = z
  .strictObject({ ...workers, ...spaceFields, router, 'kv-p2p-transfer': transfer })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkWorkerHardware(space, context);
  });

const offloading = {
  'kv-offload-backend': offloadBackend
    .nullish()
    .describe('The offloading backend; required if KV caches are offloaded.'),
};
const offloadKinds = z.enum(['none', 'dram']);
const OFFLOADING = 'Where KV caches are offloaded to.';

export const agenticSingleNode = z
  .strictObject({
    ...singleNodeFields,
    ...parallelism,
    ...spaceFields,
    ...offloading,
    'kv-offloading': offloadKinds.describe(OFFLOADING),
    router,
  })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkTensorParallelism(space, context);
    checkOffloading(space, context);
  });

export const agenticMultiNode = z
  .strictObject({
    ...workers,
    ...spaceFields,
    ...offloading,
    tp: z
      .null({ error: 'expected no tp next to prefill and decode' })
      .optional()
      .describe('Leave it out: workers have their own sizes.'),
    'kv-offloading': offloadKinds.nullish().describe(OFFLOADING),
    router,
    'kv-p2p-transfer': transfer,
  })
  .superRefine((space, context) => {
    checkConcurrencies(space, context);
    checkWorkerHardware(space, context);
    checkOffloading(space, context);
  });
