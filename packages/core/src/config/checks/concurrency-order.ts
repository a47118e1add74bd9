import type { Check } from './check.js';
import { scenariosOf } from './scenarios.js';

/** Concurrencies form a curve; one that isn't above the previous one is misplaced or a duplicate. */
export const concurrencyOrder: Check = {
  name: 'concurrency-order',
  run({ entry }) {
    return scenariosOf(entry)
      .flat()
      .flatMap(({ space, path }) => {
        const list = space['conc-list'] ?? [];
        const index = list.findIndex((conc, at) => at > 0 && conc <= (list[at - 1] ?? 0));
        if (index < 0) return [];
        const message = `conc-list: expected rising concurrencies, got ${list[index]!} after ${list[index - 1]!}`;
        return [{ path: [...path, 'conc-list', index], message }];
      });
  },
};
