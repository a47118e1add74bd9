import type { z } from 'zod';
import type { SweeplineError } from '../errors.js';
import { readClusters, type WrittenCluster } from './clusters.js';
import { readEvals, type Evals } from './evals.js';
import { gather } from './gather.js';
import { problemsOf } from './issues.js';
import { kindOfFile, type ConfigKind } from './kinds.js';
import type { LocatedEntry } from './master.js';
import { readRunners } from './runners.js';
import { changelog202608 } from './schema/changelog.js';
import { modelsSchema } from './schema/models.js';
import { workspaceSchema } from './schema/workspace.js';
import type { Document } from './yaml/parse.js';

/** The result of reading a set of config files of all kinds. */
export interface Inspection {
  readonly entries: readonly LocatedEntry[];
  /** Clusters; their launchers may find further problems. */
  readonly clusters: readonly WrittenCluster[];
  readonly evals: readonly Evals[];
  readonly problems: readonly SweeplineError[];
  readonly files: readonly string[];
}

/** Checks documents, each as the kind that its name gives. */
export function inspect(documents: readonly Document[]): Inspection {
  const ofKind = (kind: ConfigKind): readonly Document[] =>
    documents.filter(({ file }) => kindOfFile(file) === kind);
  const masters = gather(ofKind('master'));
  const dialect = masters.entries[0]?.entry.dialect;
  const clusters = ofKind('clusters').map(readClusters);
  const evals = ofKind('evals').map(readEvals);
  return {
    entries: masters.entries,
    clusters: clusters.flatMap(({ written }) => written),
    evals: evals.flatMap((read) => read.evals ?? []),
    problems: [
      ...masters.problems,
      ...ofKind('runners').flatMap((document) => readRunners(document, dialect).problems),
      ...ofKind('workspace').flatMap((document) => schemaProblems(document, workspaceSchema)),
      ...clusters.flatMap(({ problems }) => problems),
      ...ofKind('models').flatMap((document) => schemaProblems(document, modelsSchema)),
      ...evals.flatMap(({ problems }) => problems),
      ...ofKind('changelog').flatMap((document) => schemaProblems(document, changelog202608)),
    ],
    files: documents.map(({ file }) => file),
  };
}

/** All problems of a document that a schema describes completely. */
export function schemaProblems(document: Document, schema: z.ZodType): readonly SweeplineError[] {
  const { value, at, problems } = document;
  const parsed = schema.safeParse(value);
  if (parsed.success) return problems;
  return [...problems, ...problemsOf(parsed.error.issues, { value, at, code: 'CONFIG_INVALID', schema })];
}
