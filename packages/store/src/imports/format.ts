import type { FileTree } from '../file-tree.js';
import type { SourceRow } from '../index/rows.js';

export type Origin = 'sweepline' | 'inferencex' | 'vllm-bench' | 'aiperf';

/** A file, or a folder of files that belong together, as it was imported. */
export interface Imported {
  /** Name of the run that its rows belong to, where they don't say another. */
  readonly run: string;
  /** Path of a file of it, by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** Where they are. */
  readonly tree: FileTree;
}

/** What one program writes. One file per format; `formats.ts` lists them. */
export interface ImportFormat {
  readonly name: string;
  readonly origin: Origin;
  /** Whether a file has it, by its content. Formats of folders have files instead. */
  matches?(content: unknown): boolean;
  /** Names of the files that make a folder one of this format: the first must be there. */
  readonly files?: readonly [string, ...string[]];
  /** What is not among the results is one of `skipped`, with the reason. */
  rows(imported: Imported): AsyncIterable<SourceRow>;
}
