import type { Dialect } from './model.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * An entry in which `load.arrival.concurrency` becomes the concurrency of a scenario's search spaces, if none of them has its
 * own. Applied before the check, as the schema requires a concurrency in each.
 */
export function withCaps(dialect: Dialect, entry: unknown): unknown {
  if (!isMap(entry)) return entry;
  if (dialect === '2026-02') return withList(entry, 'seq-len-configs');
  const { scenarios } = entry;
  return isMap(scenarios) ? { ...entry, scenarios: withList(scenarios, 'fixed-seq-len') } : entry;
}

function withList(owner: Fields, key: string): Fields {
  const scenarios = owner[key];
  if (!Array.isArray(scenarios) || !scenarios.some((one) => capOf(one) !== undefined)) return owner;
  return { ...owner, [key]: scenarios.map(withCap) };
}

function withCap(scenario: unknown): unknown {
  const cap = capOf(scenario);
  if (cap === undefined || !isMap(scenario)) return scenario;
  const spaces = scenario['search-space'];
  if (!Array.isArray(spaces) || spaces.some(hasConcurrency)) return scenario;
  return {
    ...scenario,
    'search-space': spaces.map((space: unknown) => (isMap(space) ? { ...space, 'conc-list': [cap] } : space)),
  };
}

/** The limit in a scenario's load, unchecked. */
function capOf(scenario: unknown): unknown {
  if (!isMap(scenario) || !isMap(scenario['load']) || !isMap(scenario['load']['arrival'])) return undefined;
  const { concurrency } = scenario['load']['arrival'];
  return Number.isInteger(concurrency) && Number(concurrency) > 0 ? concurrency : undefined;
}

function hasConcurrency(space: unknown): boolean {
  return isMap(space) && ['conc-start', 'conc-end', 'conc-list'].some((key) => space[key] != null);
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
