import { z } from 'zod';

const text = z.string();

const retrySchema = z.object({
  code: text.describe('Code of the error, such as LEASE_LOST.'),
  message: text.describe('What went wrong.'),
});

const promptsSchema = z.object({
  form: text.describe('`token-ids` or `text`.'),
  tokenizer: text.optional().describe('Folder or name of the tokenizer; missing if there was none.'),
  chatTemplate: z.boolean().optional().describe('Whether the client applied a chat template.'),
});

const placementSchema = z.object({
  place: text.describe(
    '`server-node`: on the node of the endpoint; `own-node`: on a separate node; `controller`: where Sweepline ran.',
  ),
  node: text.describe('Name of the node.'),
  path: text.describe('`loopback` or `network`: how it reached the server.'),
});

const hardwareSchema = z.object({
  sku: text.describe("The runner's SKU."),
  node: text.describe("Name of the endpoint's node."),
  facts: z
    .record(text, z.unknown())
    .describe('What the hardware plugin found there; keys contain the units.'),
});

const transportSchema = z.object({
  role: text.describe('Role of the process.'),
  file: text.describe('Its log.'),
  library: text.describe('`nccl` (or RCCL), `ucx`, `mooncake` or `nixl`.'),
  kind: text.describe('`rdma`, `tcp`, `nvlink`, or `unknown` if its name shows none of these.'),
  name: text.describe('As the library names it.'),
});

const imageSchema = z.object({
  id: text
    .optional()
    .describe(
      'The image itself, whatever it is called: the digest of its config; missing of files made from one.',
    ),
  digest: text.optional().describe('Digest of its manifest in its registry; missing if it came from none.'),
  platform: text.describe('Operating system, architecture and variant: `linux/amd64`.'),
});

/** Where a result was measured, and with which software. */
export const provenanceSchema = z.object({
  sweepline: text.describe("Sweepline's version."),
  client: text.optional().describe('Name and version of the load generator; missing if no load ran.'),
  prompts: promptsSchema
    .optional()
    .describe('How prompts were made and sent to the server; records.jsonl has the details.'),
  placement: placementSchema
    .optional()
    .describe('Where the load process actually ran; missing if it never did.'),
  session: text
    .optional()
    .describe('Token of the session that served it: sessions/<token>.json. Missing if none was opened.'),
  reused: z
    .object({
      before: z.number().int().positive().describe('Points that the server had served before this one.'),
      cleared: z.boolean().describe('Whether its caches were cleared in between.'),
    })
    .optional()
    .describe('Missing if its server was started for it.'),
  framework: z
    .object({
      plugin: text.describe('Name of the framework plugin.'),
      package: text.describe('npm package that contains it.'),
      version: text.describe("The package's version."),
    })
    .optional()
    .describe('The plugin that made its plan; missing for an endpoint that was already running.'),
  hardware: hardwareSchema.optional().describe('The hardware it ran on; missing if no node was held.'),
  images: z
    .record(text, imageSchema)
    .optional()
    .describe('Images that it ran in, by name; missing if the launcher reports none.'),
  intended: z
    .record(text, text)
    .optional()
    .describe('Settings that the plan wanted the engine to have, by name.'),
  engine: z
    .record(text, text)
    .optional()
    .describe('Settings that the engine reported in its log or over HTTP, by name.'),
  transports: z
    .array(transportSchema)
    .optional()
    .describe('What carried data between processes, as libraries report in their logs; missing if none did.'),
  retries: z
    .array(retrySchema)
    .optional()
    .describe('Why it was started again: failures that machines were to blame for. Missing if it was not.'),
});

export type Retry = z.output<typeof retrySchema>;
export type Provenance = z.output<typeof provenanceSchema>;
