import { dirname, resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { loadProblems } from '../load/scenario/check.js';
import { loadsOf, type ScenarioLoad } from '../load/scenario/load.js';
import { scenarioLoadSchema } from '../load/scenario/schema.js';
import { workloadIn } from '../load/scenario/spec.js';
import { digestOf } from '../load/workloads/files.js';
import { problemsOf } from './issues.js';
import { scenarioPath, type LocatedEntry } from './master.js';
import type { FixedSeqLen } from './model.js';

/** An entry with checked loads and the files of its data sets by their digests, or the problems found. */
export type CheckedLoads =
  { readonly entry: LocatedEntry } | { readonly problems: readonly SweeplineError[] };

/** Checks the loads of an entry. @param cwd folder that paths in messages are relative to */
export async function checkLoads(located: LocatedEntry, cwd: string): Promise<CheckedLoads> {
  const { entry, key } = located;
  const problems: SweeplineError[] = [];
  const files = new Map<string, string>();
  const scenarios: FixedSeqLen[] = [];
  for (const [index, scenario] of entry.scenarios['fixed-seq-len'].entries()) {
    if (scenario.load === undefined) {
      scenarios.push(scenario);
      continue;
    }
    const at = (path: readonly PropertyKey[]) =>
      located.at([key, ...scenarioPath(entry, index), 'load', ...path]);
    const found = problemsWith(scenario, scenario.load, at);
    problems.push(...found);
    if (found.length > 0) continue;
    try {
      const load = await withDigest(scenario.load, resolve(cwd, dirname(located.file)), at, files);
      scenarios.push({ ...scenario, load });
    } catch (thrown) {
      if (!(thrown instanceof SweeplineError)) throw thrown;
      problems.push(thrown);
    }
  }
  if (problems.length > 0) return { problems };
  const checked = { ...entry, scenarios: { ...entry.scenarios, 'fixed-seq-len': scenarios } };
  return { entry: { ...located, entry: checked, dataSets: files } };
}

function problemsWith(
  scenario: FixedSeqLen,
  load: ScenarioLoad,
  at: LocatedEntry['at'],
): readonly SweeplineError[] {
  const parsed = scenarioLoadSchema.safeParse(load);
  if (!parsed.success) {
    const checked = {
      value: load,
      code: 'CONFIG_INVALID',
      at,
      schema: scenarioLoadSchema,
      name: 'load',
    } as const;
    return problemsOf(parsed.error.issues, checked);
  }
  const found = loadsOf(load).flatMap((one) => (one === undefined ? [] : loadProblems(one, scenario)));
  const problems = [...found, ...concurrencyProblems(scenario, load)].map(({ path, message }) => {
    const where = at(path);
    return new SweeplineError('CONFIG_INVALID', `${labelOf(path)}: ${message}`, { where });
  });
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function labelOf(path: readonly PropertyKey[]): string {
  return path.findLast((key) => typeof key === 'string') ?? 'load';
}

/** A limit may be given only once: in the load, or in search spaces. */
function concurrencyProblems(
  { 'search-space': spaces }: FixedSeqLen,
  { arrival }: ScenarioLoad,
): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const limit = arrival?.['concurrency'];
  if (limit === undefined) return [];
  const isOnlyOne = spaces.every(({ 'conc-list': list }) => list?.length === 1 && list[0] === limit);
  if (isOnlyOne) return [];
  return [
    { path: ['arrival', 'concurrency'], message: 'expected either here or in search spaces, not both' },
  ];
}

/** The load with the digest of its data set, whose file is recorded. */
async function withDigest(
  load: ScenarioLoad,
  folder: string,
  at: LocatedEntry['at'],
  files: Map<string, string>,
): Promise<ScenarioLoad> {
  const { workload } = load;
  if (workload === undefined) return load;
  const [field] = workloadIn({ workload }).scenario.files ?? [];
  if (field === undefined) return load;
  const file = resolve(folder, String(workload[field]));
  try {
    const sha256 = await digestOf(file);
    files.set(sha256, file);
    return { ...load, workload: { ...workload, sha256 } };
  } catch (cause) {
    const message = `${field}: can't read the data set ${file}: ${fileProblem(cause)}`;
    throw new SweeplineError('CONFIG_INVALID', message, {
      where: at(['workload', field]),
      hint: "Paths of data sets are relative to the config's folder.",
      cause,
    });
  }
}
