import { isDeepStrictEqual } from 'node:util';
import type { ConfigEntry } from '../../config/model.js';
import type { Where } from '../../errors.js';
import { refuse } from './append-only.js';
import { SCENARIO_TYPES, type ScenarioType } from './entries.js';
import type { ResolvedEntry } from './keys.js';

export type Entries = ReadonlyMap<string, ConfigEntry>;

/**
 * Checks that nothing changed except what append-only entries select; changes in the selected part are checked on the expanded
 * rows.
 * @throws {SweeplineError} APPEND_ONLY.
 */
export function checkScope(base: Entries, head: Entries, entries: readonly ResolvedEntry[]): void {
  const selected = selection(entries);
  const [first] = entries;
  for (const key of new Set([...base.keys(), ...head.keys()])) {
    if (selected.has(key) || isDeepStrictEqual(base.get(key), head.get(key)) || first === undefined) continue;
    throw refuse(`the config entry ${key} changed, which no added entry names`, first.at(['config-keys']));
  }
  for (const [key, { scenarios, where }] of selected) {
    const before = base.get(key);
    const after = head.get(key);
    if (before === undefined || after === undefined)
      throw refuse(`the base has no config entry ${key}`, where);
    checkEntry(key, before, after, scenarios, where);
  }
}

interface Selected {
  readonly scenarios: Set<ScenarioType>;
  readonly where: Where;
}

function selection(entries: readonly ResolvedEntry[]): ReadonlyMap<string, Selected> {
  const selected = new Map<string, Selected>();
  for (const { keys, written, at } of entries) {
    for (const key of keys) {
      const known = selected.get(key) ?? { scenarios: new Set(), where: at(['config-keys']) };
      for (const scenario of written['scenario-type'] ?? SCENARIO_TYPES) known.scenarios.add(scenario);
      selected.set(key, known);
    }
  }
  return selected;
}

function checkEntry(
  key: string,
  before: ConfigEntry,
  after: ConfigEntry,
  selected: ReadonlySet<ScenarioType>,
  where: Where,
): void {
  const { scenarios: scenariosBefore, ...fieldsBefore } = before;
  const { scenarios: scenariosAfter, ...fieldsAfter } = after;
  const there = SCENARIO_TYPES.filter((type) => scenariosBefore[type].length > 0);
  for (const type of SCENARIO_TYPES) {
    if (there.includes(type) === scenariosAfter[type].length > 0) continue;
    throw refuse(
      `${type} was ${there.includes(type) ? 'removed from' : 'added to'} the config entry ${key}`,
      where,
    );
  }
  const others = there.filter((type) => !selected.has(type));
  if (others.length > 0 && !isDeepStrictEqual(fieldsBefore, fieldsAfter)) {
    throw refuse(
      `fields of ${key} changed that also affect ${others.join(', ')}, which isn't selected`,
      where,
    );
  }
  for (const type of others) {
    if (isDeepStrictEqual(scenariosBefore[type], scenariosAfter[type])) continue;
    throw refuse(`${type} of ${key} changed, which isn't selected`, where);
  }
}
