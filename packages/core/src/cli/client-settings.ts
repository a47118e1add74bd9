import type { WorkspaceConfig } from '../config/schema/workspace.js';
import { clientLimitsSchema } from '../load/client-limits.js';
import type { LoadSettings } from '../load/spec-for.js';

/** The workspace's settings of the load generator, as load specs name them. */
export function clientSettings({ client }: WorkspaceConfig): LoadSettings {
  const limits = Object.entries(client.limits).map(([key, value]) => [limitName(key), value]);
  return {
    ...(client.workers !== undefined && { workers: client.workers }),
    ...(limits.length > 0 && {
      clientLimits: clientLimitsSchema.partial().parse(Object.fromEntries(limits)),
    }),
  };
}

/** `cpu-share`, as configs write it, in the words of load specs: `cpuShare`. */
export function limitName(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
