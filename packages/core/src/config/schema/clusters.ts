import { z } from 'zod';
import { text, wholeAboveZero } from './common.js';
import { fabricSchema } from './fabric.js';

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const kebab = (example: string) =>
  text.regex(NAME, { error: `expected a name in lower case, such as ${example}` });

/** The fields of a cluster that core and framework plugins use; the other fields belong to its launcher. */
export const clusterSchema = z.object({
  sku: kebab('h200').describe('Name of the SKU, as in a hardware plugin.'),
  runners: z
    .array(text)
    .default([])
    .describe('Labels that its nodes serve. A label refers to the first cluster that serves it.'),
  launcher: kebab('slurm').describe('Launcher plugin that gets its nodes; it defines the other fields.'),
  nodes: wholeAboveZero
    .optional()
    .describe(
      'Nodes that sessions may ask for at the same time; by default as many as the runner config lists for its labels.',
    ),
  port: z
    .enum(['fixed', 'user-last-digit', 'node-last-digit'])
    .default('fixed')
    .describe('Port of servers: 8888, plus the last digit of the user or of the node if nodes are shared.'),
  fabric: fabricSchema.optional(),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Settings for framework plugins, by the plugin's own key; each plugin checks its own."),
});

/** configs/clusters.yaml: clusters by name, in the order in which labels are looked up. */
export const clustersSchema = z
  .record(text.regex(NAME, { error: 'expected a name in lower case without underscores' }), clusterSchema)
  .describe('Clusters by name, which is the name of their nodes up to the first underscore.');

/** The fields that core knows, checked. */
export type ClusterFields = Readonly<z.output<typeof clusterSchema>>;
