import type { z } from 'zod';
import type { AgenticCoding, ConfigEntry, Dialect, FixedSeqLen, SearchSpace } from './model.js';
import type { entry202602 } from './schema/master-2026-02.js';
import type { entry202608 } from './schema/master-2026-08.js';

type Form<T> = T[keyof T];
type Entry202602 = z.output<Form<typeof entry202602>>;
type Entry202608 = z.output<Form<typeof entry202608>>;

/** Converts a checked entry to the model that both dialects share. */
export function toEntry(dialect: Dialect, written: Entry202602 | Entry202608): ConfigEntry {
  return 'scenarios' in written
    ? from202608(dialect, written)
    : {
        ...commonOf(dialect, written),
        scenarios: {
          'fixed-seq-len': toFixedSeqLens(written['seq-len-configs']),
          'agentic-coding': [],
        },
      };
}

function from202608(dialect: Dialect, written: Entry202608): ConfigEntry {
  const { 'fixed-seq-len': fixed, 'agentic-coding': agentic } = written.scenarios;
  return {
    ...commonOf(dialect, written),
    ...given({
      router: written.router,
      'kv-p2p-transfer': written.multinode ? written['kv-p2p-transfer'] : undefined,
    }),
    scenarios: {
      'fixed-seq-len': toFixedSeqLens(fixed ?? []),
      'agentic-coding': (agentic ?? []).map(toAgentic),
    },
  };
}

function commonOf(dialect: Dialect, written: Entry202602 | Entry202608) {
  return {
    dialect,
    image: written.image,
    model: written.model,
    'model-prefix': written['model-prefix'],
    runner: written.runner,
    precision: written.precision,
    framework: written.framework,
    multinode: written.multinode,
    disagg: written.disagg ?? false,
    ...given({ options: written.options }),
  };
}

type FixedIn = NonNullable<Entry202602['seq-len-configs']>[number];
type Fixed202608 = NonNullable<Entry202608['scenarios']['fixed-seq-len']>[number];
type Agentic202608 = NonNullable<Entry202608['scenarios']['agentic-coding']>[number];

function toFixedSeqLens(written: readonly (FixedIn | Fixed202608)[]): readonly FixedSeqLen[] {
  return written.map((lengths) => ({
    isl: lengths.isl,
    osl: lengths.osl,
    // Its content is checked once all files are read: see scenario-loads.ts.
    ...(lengths.load === undefined ? {} : { load: lengths.load }),
    'search-space': lengths['search-space'].map(toSpace),
  }));
}

function toAgentic(written: Agentic202608): AgenticCoding {
  return {
    'search-space': written['search-space'].map(toSpace),
    ...given({ 'dram-utilization': written['dram-utilization'] }),
  };
}

type SpaceIn =
  | FixedIn['search-space'][number]
  | Fixed202608['search-space'][number]
  | Agentic202608['search-space'][number];

/** Concurrencies stay as they were written: commands treat an empty list next to a range differently. */
function toSpace(written: SpaceIn): SearchSpace {
  return given(written);
}

type Given<T> = { [K in keyof T]: Exclude<T[K], null> };

/** The fields that have a value: null counts as omitted. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Given<T>;
}
