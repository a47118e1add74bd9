import { DIALECT_FIELD } from '../master.js';
import type { ConfigEntry, SearchSpace } from '../model.js';

/** The search spaces of one scenario, each with its path of keys in the entry's own dialect. */
export type ScenarioSpaces = readonly {
  readonly space: SearchSpace;
  readonly path: readonly PropertyKey[];
}[];

/** The scenarios of an entry, reduced to what checks need. */
export function scenariosOf(entry: ConfigEntry): readonly ScenarioSpaces[] {
  const { 'fixed-seq-len': fixed, 'agentic-coding': agentic } = entry.scenarios;
  const root = DIALECT_FIELD[entry.dialect];
  const paths: readonly (readonly PropertyKey[])[] =
    entry.dialect === '2026-02'
      ? fixed.map((_, index) => [root, index])
      : [
          ...fixed.map((_, index) => [root, 'fixed-seq-len', index]),
          ...agentic.map((_, index) => [root, 'agentic-coding', index]),
        ];
  return [...fixed, ...agentic].map((scenario, index) =>
    scenario['search-space'].map((space, at) => ({
      space,
      path: [...(paths[index] ?? []), 'search-space', at],
    })),
  );
}
