import type { Dialect } from '../../config/model.js';
import { SCENARIO_TYPES, type ScenarioType } from './entries.js';
import type { ResolvedEntry } from './keys.js';

/** Which rows a run asks for: benchmarks alone, benchmarks with evals marked, chosen evals alone, all evals alone. */
export type Evals = 'none' | 'marked' | 'chosen' | 'all';

/** One expansion of config entries: what `matrix test-config` does for these keys. */
export interface Run {
  readonly keys: readonly string[];
  readonly scenarios: readonly ScenarioType[];
  readonly evals: Evals;
  readonly entry: ResolvedEntry;
}

/** What a whole call asks for in addition to what entries say; dialect of August 2026. */
export interface SweepFlags {
  readonly trimConc?: boolean;
  readonly allEvals?: boolean;
  readonly evalsOnly?: boolean;
}

/** The runs that entries ask for, in order. What is mentioned twice runs once: the first mention wins. */
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

/** Benchmarks and evals are runs of their own, and so covered apart. Entries that want all evals go first. */
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

/** Which scenarios of which config entries have been asked for. */
class Coverage {
  readonly #seen = new Set<string>();

  /** Adds them and gives back what is new, together where the same scenarios are. */
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
