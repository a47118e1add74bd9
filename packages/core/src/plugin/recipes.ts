import type { Job } from '../matrix/job.js';
import type { Sku } from './hardware.js';
import type { Text } from './launch-plan.js';
import type { NodeFacts, ProcessSpec } from './node.js';
import type { PluginBase } from './base.js';
import type { Rejection } from './rejection.js';

/** One value, or several of which any will do. */
type OneOf = string | readonly string[];

/**
 * What a recipe is for; a key left out matches everything. The recipe with the most keys goes before the others, whose
 * rules stay where it has none of its own; a tie is an error.
 */
export interface RecipeMatch {
  /** The config's `model-prefix:`. */
  readonly model?: OneOf;
  readonly precision?: OneOf;
  /** Name of the SKU. */
  readonly sku?: OneOf;
  /** The config's `framework:`, for plugins that serve several. */
  readonly framework?: OneOf;
  /** The config's `spec-decoding:`. */
  readonly spec?: OneOf;
}

/** What a recipe's rules go by: a job at one concurrency, or one worker of it, in short names. */
export interface RecipePoint {
  readonly job: Job;
  readonly sku: Sku;
  /** The config's `model:`. */
  readonly model: string;
  /** `server`, or the role of a worker of a disaggregated job: `prefill`, `decode`. */
  readonly role: string;
  readonly tp: number;
  readonly pp: number;
  readonly ep: number;
  readonly dpAttn: boolean;
  readonly spec: string;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Prompt tokens. */
  readonly isl: number;
  /** Output tokens. */
  readonly osl: number;
  readonly maxModelLen: number;
  /** The entry's `options:`, after the framework plugin's schema. */
  readonly options: unknown;
  /** The environment that the server will find; only rules for variables that people set there look at it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is known of the node; absent when a plan is made without one. */
  readonly facts?: NodeFacts;
  /** `--compat strict`: the plan is to be the original's, mistakes included. */
  readonly strict: boolean;
}

/** A value, or how it follows from the point. */
export type Rule<T> = T | ((point: RecipePoint) => T);
/** Rules by name; one that comes to undefined leaves its name out. */
export type Rules<T> = Readonly<Record<string, Rule<T | undefined>>>;

/** `true` is a flag alone; `false` leaves it out. */
export type FlagValue = Text | number | boolean;
/** By name without dashes. */
export type Flags = Readonly<Record<string, FlagValue>>;

/**
 * Launch rules as data, for the jobs it matches. It extends the less specific recipes that match as well, the framework's
 * own among them: flags, env and config by name, the other members as a whole. A rule that comes to undefined takes a name
 * of theirs away.
 */
export interface Recipe {
  readonly match: RecipeMatch;
  /** It is complete: nothing of less specific recipes is added. */
  readonly replaces?: true;
  /** Where its figures come from. */
  readonly source: string;
  /** Made for jobs that no other recipe knows. `--compat strict` refuses those, as the original has no script for them. */
  readonly generic?: true;
  /** The engine's arguments. */
  readonly flags?: Rules<FlagValue>;
  /** Added to the server's environment. */
  readonly env?: Rules<Text>;
  /** The engine's config file, for engines that have one. */
  readonly config?: Rules<unknown>;
  /** Name of that file. */
  readonly configFile?: string;
  /** Run to their end, in order, before the server is started. */
  readonly setup?: Rule<readonly ProcessSpec[]>;
  /** Whether the client applies the chat template; by default with speculative decoding. */
  readonly chatTemplate?: boolean;
  /** What this recipe can't do, beyond the framework's own rules. In place of that of the recipes it extends. */
  rejects?(point: RecipePoint): Rejection | undefined;
}

/** A recipe with its rules applied to a point. */
export interface AppliedRecipe {
  /** Where its figures come from, and those of the recipes it extends. */
  readonly source: string;
  readonly flags: Flags;
  readonly env: Readonly<Record<string, Text>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly configFile?: string;
  readonly setup: readonly ProcessSpec[];
  readonly chatTemplate?: boolean;
}

/** Recipes for a framework that may be another package's: a vendor adds its own without touching that package. */
export interface RecipePlugin extends PluginBase {
  readonly kind: 'recipes';
  /** Name of the framework plugin. */
  readonly framework: string;
  readonly recipes: readonly Recipe[];
}
