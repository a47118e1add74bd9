import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder or a link that is no run, and why. */
export interface NoRun {
  readonly path: string;
  readonly reason: string;
}

export interface FoundRuns {
  /** Folders of Sweepline's runs. */
  readonly runs: readonly string[];
  readonly noRuns: readonly NoRun[];
}

const RUN_FILE = 'run.json';
/** Files that only a run's folder has. */
const OF_A_RUN = ['results.ndjson', 'journal.ndjson'];
/** Folders that InferenceX's jobs upload. */
const INFERENCEX = /^(?:results_.*|bmk_.*|eval_.*|run-stats.*)$/;

/** Runs in a folder at any depth, or the folder itself; links are not followed. In the order of their paths. */
export async function findRuns(folder: string): Promise<FoundRuns> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (files.includes(RUN_FILE)) return { runs: [folder], noRuns: [] };
  const links = entries
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => ({ path: join(folder, name), reason: 'a link, which is not followed' }));
  const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const isRun = OF_A_RUN.some((name) => files.includes(name));
  if (isRun) return { runs: [], noRuns: [...links, { path: folder, reason: `a run without ${RUN_FILE}` }] };
  const parts: FoundRuns[] = [];
  for (const name of inside)
    parts.push(
      INFERENCEX.test(name)
        ? {
            runs: [],
            noRuns: [
              {
                path: join(folder, name),
                reason: "an artifact of InferenceX's: add it with sweepline import",
              },
            ],
          }
        : await findRuns(join(folder, name)),
    );
  const isLeaf = inside.length === 0;
  return {
    runs: parts.flatMap(({ runs }) => runs),
    noRuns: [
      ...links,
      ...(isLeaf ? [{ path: folder, reason: files.length === 0 ? 'it is empty' : 'it is no run' }] : []),
      ...parts.flatMap(({ noRuns }) => noRuns),
    ],
  };
}
