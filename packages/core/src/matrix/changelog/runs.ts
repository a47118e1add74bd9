import type { Dialect } from '../../config/model.js';
import { SCENARIO_TYPES, type ScenarioType } from './entries.js';
import type { ResolvedEntry } from './keys.js';

/** Which rows a run includes: only benchmarks, benchmarks with evals marked, only chosen evals, only all evals. */
export type Evals = 'none' | 'marked' | 'chosen' | 'all';

/** One expansion of config entries: the work of `matrix test-config` for these keys. */
export interface Run {
  readonly keys: readonly string[];
  readonly scenarios: readonly ScenarioType[];
  readonly evals: Evals;
  readonly entry: ResolvedEntry;
}

/** Options of a whole call, in addition to those of entries; dialect of August 2026. */
export interface SweepFlags {
  readonly trimConc?: boolean;
  readonly allEvals?: boolean;
  readonly evalsOnly?: boolean;
}

/** The runs that entries ask for, in order. A scenario that is named twice runs once: the first mention counts. */
export function planRuns(
  entries: readonly ResolvedEntry[],
  dialect: Dialect,
  flags: SweepFlags,
): readonly Run[] {
  return dialect === '2026-02' ? plan202602(entries) : plan202608(entries, flags);
}

function plan202602(entries: readonly ResolvedEntry[]): readonly Run[] {
  const seen = new Coverage();
  return entries.flatMap((entry) => {
    const evals = entry.written['evals-only'] ? 'chosen' : 'marked';
    return seen.add(entry.keys, SCENARIO_TYPES).map((news) => ({ ...news, evals, entry }));
  });
}

/** Benchmarks and evals are separate runs, so each is covered separately. Entries that want all evals come first. */
function plan202608(entries: readonly ResolvedEntry[], flags: SweepFlags): readonly Run[] {
  const benchmarked = new Coverage();
  const evaluated = new Coverage();
  const wantsAll = ({ written }: ResolvedEntry): boolean => written['all-evals'] === true;
  const ordered = [...entries.filter(wantsAll), ...entries.filter((entry) => !wantsAll(entry))];
  return ordered.flatMap((entry): readonly Run[] => {
    const { written, keys } = entry;
    const scenarios = SCENARIO_TYPES.filter((type) => written['scenario-type']?.includes(type) ?? true);
    const evalsAlone = flags.evalsOnly === true || written['evals-only'] || wantsAll(entry);
    const evals = flags.allEvals === true || wantsAll(entry) ? 'all' : 'chosen';
    const benchmarks = evalsAlone ? [] : benchmarked.add(keys, scenarios);
    const evaluations = written['append-only'] === true ? [] : evaluated.add(keys, scenarios);
    return [
      ...benchmarks.map((news) => ({ ...news, evals: 'none' as const, entry })),
      ...evaluations.map((news) => ({ ...news, evals, entry }) as const),
    ];
  });
}

type News = Pick<Run, 'keys' | 'scenarios'>;

/** The scenarios of config entries that were already requested. */
class Coverage {
  readonly #seen = new Set<string>();

  /** Adds scenarios and returns the new ones; keys with the same new scenarios are grouped. */
  add(keys: readonly string[], scenarios: readonly ScenarioType[]): readonly News[] {
    const groups = new Map<string, { keys: string[]; scenarios: readonly ScenarioType[] }>();
    for (const key of keys) {
      const fresh = scenarios.filter((scenario) => !this.#seen.has(`${scenario} ${key}`));
      if (fresh.length === 0) continue;
      for (const scenario of fresh) this.#seen.add(`${scenario} ${key}`);
      const group = groups.get(fresh.join()) ?? { keys: [], scenarios: fresh };
      groups.set(fresh.join(), group);
      group.keys.push(key);
    }
    return [...groups.values()];
  }
}
