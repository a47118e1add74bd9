import { resolve } from 'node:path';
import type { Workspace } from '../config/load.js';
import type { WorkspaceConfig } from '../config/schema/workspace.js';
import { clientLimitsSchema } from '../load/spec/client-limits.js';
import type { LoadSettings } from '../measure/spec-for.js';

/** The workspace's settings of the load generator, as load specs name them. */
export function clientSettings({ root, config: { client } }: Workspace): LoadSettings {
  const limits = Object.entries(client.limits).map(([key, value]) => [limitName(key), value]);
  return {
    ...(client.workers !== undefined && { workers: client.workers }),
    ...(limits.length > 0 && {
      clientLimits: clientLimitsSchema.partial().parse(Object.fromEntries(limits)),
    }),
    ...(client['idle-limit-s'] !== undefined && { idleS: client['idle-limit-s'] }),
    tokenizerOf: (model) => tokenizerOf(model, client, root),
  };
}

/** The one that is named for a model, else its own where the workspace wants that. */
function tokenizerOf(
  model: string,
  { tokenizer, tokenizers }: WorkspaceConfig['client'],
  root: string,
): string | undefined {
  const named = Object.hasOwn(tokenizers, model) ? tokenizers[model] : tokenizer === 'model' && model;
  if (named === false || named === undefined) return undefined;
  // Without a dot before it, `a/b` is a repository.
  return /^\.{1,2}\//.test(named) ? resolve(root, named) : named;
}

/** `cpu-share`, as configs write it, in the words of load specs: `cpuShare`. */
export function limitName(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
