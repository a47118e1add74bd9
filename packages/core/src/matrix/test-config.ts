import type { Concurrencies, RunnerConfig } from '../config/model.js';
import { SweeplineError } from '../errors.js';
import { concurrencies } from './concurrency.js';
import type { ScenarioName } from './full-sweep.js';
import { spell } from './describe.js';
import { globPattern } from './glob.js';
import type { Job } from './job.js';
import { nodesOf } from './select.js';
import { isSeqLen, type SeqLen } from './seq-lens.js';
import { jobsOf, noTrace, type KeyedEntry, type Trace } from './walk.js';

/** Factor between concurrencies; test-config has no option for it. */
const STEP = 2;

export interface TestConfigOptions {
  readonly configKeys: readonly string[];
  /** Only these of the config's concurrencies. */
  readonly conc?: readonly number[];
  /** Only 2026-08, like the next two. */
  readonly seqLens?: readonly SeqLen[];
  readonly scenarioTypes?: readonly ScenarioName[];
  readonly runnerNodeFilter?: string;
}

/**
 * All jobs of the entries with certain keys. In 2026-02 a key that is given twice counts twice; in 2026-08 keys may be globs, and
 * each entry counts once.
 * @throws {SweeplineError} USAGE for a key that no entry has.
 */
export function testConfig(
  entries: readonly KeyedEntry[],
  runnerConfig: RunnerConfig,
  options: TestConfigOptions,
  trace: Trace = noTrace,
): readonly Job[] {
  const { conc, seqLens, scenarioTypes } = options;
  const wanted = (values: readonly number[]): readonly number[] | undefined => {
    if (conc === undefined || conc.length === 0) return values;
    const kept = values.filter((value) => conc.includes(value));
    return kept.length === 0 ? undefined : kept;
  };
  return chosen(entries, options.configKeys).flatMap((keyed) => {
    const runners = runnersOf(keyed, runnerConfig, options);
    if (runners.length === 0) {
      trace(keyed.key, '', () => `left out by ${spell({ ...options }, 'runnerNodeFilter')}`);
      return [];
    }
    const keeps = {
      runnerConfig,
      runners,
      asked: { conc },
      scenario: (name: ScenarioName) => scenarioTypes === undefined || scenarioTypes.includes(name),
      lengths: (lengths: { readonly isl: number; readonly osl: number }) =>
        seqLens === undefined || seqLens.some((wanted) => isSeqLen(wanted, lengths.isl, lengths.osl)),
      singleNode: <S>(space: S) => space,
      // A list that exists but is empty is used as it is, even next to a range.
      fixedConcurrencies: (space: Concurrencies) => wanted(space['conc-list'] ?? concurrencies(space, STEP)),
      agenticConcurrencies: (space: Concurrencies) => wanted(concurrencies(space, STEP)) ?? [],
    };
    return [...jobsOf(keyed, keeps, trace)];
  });
}

/** The label itself, or, with a filter, those of label and nodes that match it (2026-02 has no filter here). */
function runnersOf(
  { entry }: KeyedEntry,
  runnerConfig: RunnerConfig,
  { runnerNodeFilter }: TestConfigOptions,
): readonly string[] {
  const label = entry.runner;
  if (!runnerNodeFilter || entry.dialect === '2026-02') return [label];
  const candidates = new Set([label, ...nodesOf(label, runnerConfig)]);
  return [...candidates].filter((runner) => runner.includes(runnerNodeFilter));
}

function chosen(entries: readonly KeyedEntry[], keys: readonly string[]): readonly KeyedEntry[] {
  if (entries[0]?.entry.dialect !== '2026-08') return keys.map((key) => entryOf(entries, key));
  const found = keys.flatMap((key) => (isGlob(key) ? matching(entries, key) : [entryOf(entries, key)]));
  return [...new Set(found)];
}

function entryOf(entries: readonly KeyedEntry[], key: string): KeyedEntry {
  const found = entries.find((candidate) => candidate.key === key);
  if (found === undefined) throw unknownKey(`no config entry has the key ${key}`, entries);
  return found;
}

function matching(entries: readonly KeyedEntry[], glob: string): readonly KeyedEntry[] {
  const pattern = globPattern(glob);
  const found = entries.filter(({ key }) => pattern.test(key));
  if (found.length === 0) throw unknownKey(`no config key matches ${glob}`, entries);
  return found;
}

function isGlob(key: string): boolean {
  return /[*?]/.test(key);
}

function unknownKey(message: string, entries: readonly KeyedEntry[]): SweeplineError {
  const keys = entries.map(({ key }) => key).sort();
  return new SweeplineError('USAGE', message, { hint: `Available: ${keys.join(', ') || 'none'}.` });
}
