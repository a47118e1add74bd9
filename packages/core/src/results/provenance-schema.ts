import { z } from 'zod';

const text = z.string();

const retrySchema = z.object({
  code: text.describe('Code of the error, such as LEASE_LOST.'),
  message: text.describe('What went wrong.'),
});

const promptsSchema = z.object({
  form: text.describe('`token-ids` or `text`.'),
  tokenizer: text.optional().describe('Folder or name of the tokenizer; missing where there was none.'),
  chatTemplate: z.boolean().optional().describe('Whether the client applied a chat template.'),
});

const placementSchema = z.object({
  place: text.describe(
    '`server-node`: on the node of the endpoint; `own-node`: on a node of its own; `controller`: where Sweepline ran.',
  ),
  node: text.describe('Name of the node.'),
  path: text.describe('`loopback` or `network`: how it reached the server.'),
});

const hardwareSchema = z.object({
  sku: text.describe("The runner's SKU."),
  node: text.describe("Name of the endpoint's node."),
  facts: z
    .record(text, z.unknown())
    .describe("What the hardware's plugin found there; units are in its keys."),
});

const transportSchema = z.object({
  role: text.describe('Role of the process.'),
  file: text.describe('Its log.'),
  library: text.describe('`nccl` (or RCCL), `ucx`, `mooncake` or `nixl`.'),
  kind: text.describe('`rdma`, `tcp`, `nvlink`, or `unknown` where its name says none of these.'),
  name: text.describe('As the library names it.'),
});

/** What a result says about where and with what it was measured. */
export const provenanceSchema = z.object({
  sweepline: text.describe("Sweepline's version."),
  client: text.optional().describe('Name and version of the load generator; missing where no load ran.'),
  prompts: promptsSchema
    .optional()
    .describe('How prompts were made and given to the server; records.jsonl has the rest.'),
  placement: placementSchema
    .optional()
    .describe('Where the load process ran, from what was done; missing where it never did.'),
  session: text
    .optional()
    .describe('Token of the session that served it: sessions/<token>.json. Missing where none was opened.'),
  framework: z
    .object({
      plugin: text.describe('Name of the framework plugin.'),
      package: text.describe('npm package that it is from.'),
      version: text.describe("The package's version."),
    })
    .optional()
    .describe('What made its plan; missing of an endpoint that was already running.'),
  hardware: hardwareSchema.optional().describe('What it ran on; missing where no node was held.'),
  intended: z.record(text, text).optional().describe('Settings that the plan asked of the engine, by name.'),
  engine: z
    .record(text, text)
    .optional()
    .describe('Settings that the engine says it ran with, in its log or over HTTP, by name.'),
  transports: z
    .array(transportSchema)
    .optional()
    .describe('What carried data between processes, as libraries say in their logs; missing where none did.'),
  retries: z
    .array(retrySchema)
    .optional()
    .describe('Why it was begun again: what machines were to blame for. Missing where it was not.'),
});

export type Retry = z.output<typeof retrySchema>;
export type Provenance = z.output<typeof provenanceSchema>;
