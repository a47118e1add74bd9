import type { Job } from '../matrix/job.js';
import type { PluginBase } from './base.js';
import type { Rejection } from './rejection.js';

/** Something of an eval that is known only once its server runs; core puts it in. */
export type EvalRef =
  /** Address of the server as the eval reaches it, without /v1. */
  | { readonly ref: 'endpoint' }
  /** Absolute path of the folder that the eval is run in, where its files are. */
  | { readonly ref: 'folder' };

export type EvalText = string | readonly (string | EvalRef)[];

/** What an eval is planned from. */
export interface EvalContext<O = unknown> {
  readonly job: Job;
  /** Requests in flight at most: those of the point. */
  readonly concurrency: number;
  /** The served model's name, as requests give it. */
  readonly model: string;
  /** The task's name in configs/evals.yaml. */
  readonly task: string;
  /** Examples before each question, where configs/evals.yaml has a number; else the task's own. */
  readonly fewshot?: number;
  /** The task's `options:`, after the plugin's own schema. */
  readonly options: O;
  /** The workspace's folder, which relative paths in `options` start from. */
  readonly root: string;
}

export type EvalFile =
  | { readonly text: EvalText }
  /** Absolute path of a file on the machine that Sweepline runs on. */
  | { readonly source: string };

/** A process that asks a server and writes what came of it: pure data. */
export interface EvalPlan {
  /**
   * `node`: a module for Node.js, which needs nothing but itself and Node's own modules; it runs where the load does, with the same Node.js,
   * whose arguments `argv` is. `server`: a program of the server's own container, or host.
   */
  readonly runtime: 'node' | 'server';
  readonly argv: readonly EvalText[];
  readonly env?: Readonly<Record<string, EvalText>>;
  /** Written into its folder first, by relative path. */
  readonly files: Readonly<Record<string, EvalFile>>;
  /** Programs that are run to their end before it, in order: with `server` only. */
  readonly setup?: readonly (readonly EvalText[])[];
  /** Files of its folder that are kept with the point, whatever came of it; those that aren't there are left out. */
  readonly results: readonly string[];
  /** Seconds from its start. */
  readonly timeoutS: number;
}

export interface EvalScore {
  /** The task's name for it, such as `exact_match`. */
  readonly metric: string;
  /** The pipeline that answers went through, such as `strict-match`; `none` where there is none. */
  readonly filter: string;
  /** Fraction, 0 to 1. */
  readonly value: number;
  /** Standard error of the value, over the questions of this data set. */
  readonly stderr?: number;
}

/** Whether a question was answered right. */
export interface EvalAnswer {
  /** The same for the same question in every run. */
  readonly id: string;
  readonly right: boolean;
}

/** What an eval came to. */
export interface EvalScores {
  /** In the order of the task. */
  readonly scores: readonly EvalScore[];
  /** Each question, by the first score: two runs are compared by what they answered to the same ones. */
  readonly answers?: readonly EvalAnswer[];
  /** Questions that were asked and scored. */
  readonly samples: number;
  /** Questions of the data set, where only some of them were asked. */
  readonly of?: number;
  /** Examples before each question, as they were given. */
  readonly fewshot: number;
  /** What asked and scored. */
  readonly tool: { readonly name: string; readonly version: string };
  /** The data set, in words, and what says which version of it: a revision, or digests of files. */
  readonly dataset?: { readonly name: string; readonly revision?: string };
}

/**
 * A way to ask a server questions whose answers are known, after the load. Method syntax, so that a typed plugin fits the registry's
 * element type.
 */
export interface EvalPlugin<O = unknown> extends PluginBase {
  readonly kind: 'eval';
  /** Why the task can't be run for this job; undefined when it can. Pure. */
  rejects?(context: EvalContext<O>): Rejection | undefined;
  /** Pure but for files that `options` name. @throws where they can't be read or used */
  plan(context: EvalContext<O>): EvalPlan | Promise<EvalPlan>;
  /** The scores in the files that `results` names, as text by name. Pure. @throws with the reason where they have none */
  scores(files: ReadonlyMap<string, string>): EvalScores;
}
