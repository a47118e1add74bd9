import type { z } from 'zod';

/** Version of the contracts in this folder. A plugin made for another version is refused when it is loaded. */
export const API_VERSION = 2;

export const PLUGIN_KINDS = [
  'framework',
  'recipes',
  'hardware',
  'metric',
  'launcher',
  'eval',
  'report',
] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];

/** `kind:name` of another plugin, such as `framework:sglang`. */
export type PluginRef = `${PluginKind}:${string}`;

/** What all plugins have in common. Plugins are plain annotated objects: no base class, no decorators. */
export interface PluginBase {
  readonly kind: PluginKind;
  /** Kebab-case; unique among the plugins of its kind. */
  readonly name: string;
  readonly apiVersion: typeof API_VERSION;
  /** Plugins without which this one can't work; checked when all are loaded. */
  readonly requires?: readonly PluginRef[];
  /** Schema of a config entry's `options:` for this plugin; without one the entry may have none. */
  readonly options?: z.ZodType;
}
