import type { PluginKind } from './base.js';
import type { EvalPlugin } from './eval.js';
import type { FrameworkPlugin } from './framework.js';
import type { HardwarePlugin } from './hardware.js';
import type { NodeLauncher } from './launcher.js';
import type { MetricPlugin } from './metric.js';
import type { RecipePlugin } from './recipes.js';
import type { ReportPlugin } from './report.js';

export type Plugin =
  FrameworkPlugin | RecipePlugin | HardwarePlugin | MetricPlugin | NodeLauncher | EvalPlugin | ReportPlugin;

/** The plugin type of a kind. */
export type PluginOf<K extends PluginKind> = Extract<Plugin, { readonly kind: K }>;
