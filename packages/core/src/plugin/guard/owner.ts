import type { z } from 'zod';
import type { Plugin } from '../plugin.js';
import type { PluginCall } from '../../watch/call.js';
import type { Limit } from '../../watch/limits.js';
import { deepFreeze } from './read-only.js';
import { checked } from './returned.js';
import { watched } from '../../watch/watched.js';

/** The package that a plugin came in, and where lines about its calls go. */
export interface Owner {
  readonly package: string;
  readonly notify: (line: string) => void;
}

export function callOf(
  { kind, name }: Pick<Plugin, 'kind' | 'name'>,
  owner: Owner,
  call: string,
  limit: Limit,
): PluginCall {
  return { plugin: `${kind} ${name}`, package: owner.package, call, limit };
}

/** A pure member as core calls it: it has an end, gets what is frozen, and gives what the schema allows; undefined where it is none. */
export function pure<P extends Plugin, K extends keyof P & string>(
  plugin: P,
  owner: Owner,
  name: K,
  { limit = 'pure', schema }: { readonly limit?: Limit; readonly schema?: z.ZodType } = {},
): P[K] | undefined {
  if (plugin[name] === undefined) return undefined;
  const call = callOf(plugin, owner, name, limit);
  const guarded = (...given: readonly unknown[]): unknown =>
    watched(call, () => {
      const method = plugin[name] as (...args: readonly unknown[]) => unknown;
      const value = method.apply(plugin, given.map(deepFreeze));
      return schema === undefined ? value : checked(call, schema, value);
    });
  return guarded as P[K];
}
