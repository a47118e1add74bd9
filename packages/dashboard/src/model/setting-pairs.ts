/** A setting as the plan wanted it, and as the engine reported it. */
export interface SettingPair {
  readonly name: string;
  readonly intended: string | undefined;
  readonly effective: string | undefined;
  readonly verdict: 'same' | 'differs' | 'not reported' | 'not in the plan';
}

type Settings = Readonly<Record<string, string>>;

/** Those that differ first, then by name. */
export function settingPairs(intended: Settings = {}, effective: Settings = {}): readonly SettingPair[] {
  const wanted = new Map(Object.entries(intended));
  const reported = new Map(Object.entries(effective));
  const pairs = [...new Set([...wanted.keys(), ...reported.keys()])].map((name) =>
    pairOf(name, wanted.get(name), reported.get(name)),
  );
  return pairs.sort(
    (a, b) => RANKS[a.verdict] - RANKS[b.verdict] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

const RANKS = { differs: 0, 'not reported': 1, same: 2, 'not in the plan': 3 } as const;

function pairOf(name: string, intended: string | undefined, effective: string | undefined): SettingPair {
  if (intended === undefined) return { name, intended, effective, verdict: 'not in the plan' };
  if (effective === undefined) return { name, intended, effective, verdict: 'not reported' };
  return { name, intended, effective, verdict: intended === effective ? 'same' : 'differs' };
}
