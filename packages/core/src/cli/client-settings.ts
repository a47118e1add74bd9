import { resolve } from 'node:path';
import type { Workspace } from '../config/load.js';
import type { WorkspaceConfig } from '../config/schema/workspace.js';
import { clientLimitsSchema } from '../load/spec/client-limits.js';
import type { LoadSettings } from '../measure/spec-for.js';

/** The workspace's settings for the load generator, with the names that load specs use. */
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

/** The tokenizer named for a model; otherwise the model's own, if the workspace wants that. */
function tokenizerOf(
  model: string,
  { tokenizer, tokenizers }: WorkspaceConfig['client'],
  root: string,
): string | undefined {
  const named = Object.hasOwn(tokenizers, model) ? tokenizers[model] : tokenizer === 'model' && model;
  if (named === false || named === undefined) return undefined;
  // Without a leading dot, `a/b` is a repository.
  return /^\.{1,2}\//.test(named) ? resolve(root, named) : named;
}

/** Turns `cpu-share`, as configs write it, into `cpuShare`, as load specs do. */
export function limitName(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
