import type { z } from 'zod';
import { FIELD } from './fields.js';
import type { AgenticCoding, ConfigEntry, Dialect, FixedSeqLen, SearchSpace } from './model.js';
import type { entry202602 } from './schema/master-2026-02.js';
import type { entry202608 } from './schema/master-2026-08.js';

type Form<T> = T[keyof T];
type Entry202602 = z.output<Form<typeof entry202602>>;
type Entry202608 = z.output<Form<typeof entry202608>>;

/** A checked entry in the model that both dialects share. */
export function toEntry(dialect: Dialect, written: Entry202602 | Entry202608): ConfigEntry {
  return FIELD.scenarios in written
    ? from202608(dialect, written)
    : {
        ...commonOf(dialect, written),
        [FIELD.scenarios]: {
          [FIELD.fixedSeqLen]: toFixedSeqLens(written[FIELD.seqLenConfigs]),
          [FIELD.agenticCoding]: [],
        },
      };
}

function from202608(dialect: Dialect, written: Entry202608): ConfigEntry {
  const { [FIELD.fixedSeqLen]: fixed, [FIELD.agenticCoding]: agentic } = written[FIELD.scenarios];
  return {
    ...commonOf(dialect, written),
    ...given({
      [FIELD.router]: written[FIELD.router],
      [FIELD.kvP2pTransfer]: written.multinode ? written[FIELD.kvP2pTransfer] : undefined,
    }),
    [FIELD.scenarios]: {
      [FIELD.fixedSeqLen]: toFixedSeqLens(fixed ?? []),
      [FIELD.agenticCoding]: (agentic ?? []).map(toAgentic),
    },
  };
}

function commonOf(dialect: Dialect, written: Entry202602 | Entry202608) {
  return {
    dialect,
    [FIELD.image]: written[FIELD.image],
    [FIELD.model]: written[FIELD.model],
    [FIELD.modelPrefix]: written[FIELD.modelPrefix],
    [FIELD.runner]: written[FIELD.runner],
    [FIELD.precision]: written[FIELD.precision],
    [FIELD.framework]: written[FIELD.framework],
    [FIELD.multinode]: written[FIELD.multinode],
    [FIELD.disagg]: written[FIELD.disagg] ?? false,
    ...given({ [FIELD.options]: written[FIELD.options] }),
  };
}

type FixedIn = NonNullable<Entry202602[typeof FIELD.seqLenConfigs]>[number];
type Fixed202608 = NonNullable<Entry202608[typeof FIELD.scenarios][typeof FIELD.fixedSeqLen]>[number];
type Agentic202608 = NonNullable<Entry202608[typeof FIELD.scenarios][typeof FIELD.agenticCoding]>[number];

function toFixedSeqLens(written: readonly (FixedIn | Fixed202608)[]): readonly FixedSeqLen[] {
  return written.map((lengths) => ({
    [FIELD.isl]: lengths[FIELD.isl],
    [FIELD.osl]: lengths[FIELD.osl],
    [FIELD.searchSpace]: lengths[FIELD.searchSpace].map(toSpace),
  }));
}

function toAgentic(written: Agentic202608): AgenticCoding {
  return {
    [FIELD.searchSpace]: written[FIELD.searchSpace].map(toSpace),
    ...given({ [FIELD.dramUtilization]: written[FIELD.dramUtilization] }),
  };
}

type SpaceIn =
  | FixedIn[typeof FIELD.searchSpace][number]
  | Fixed202608[typeof FIELD.searchSpace][number]
  | Agentic202608[typeof FIELD.searchSpace][number];

/** Concurrencies stay as they were written: commands differ in what they make of an empty list beside a range. */
function toSpace(written: SpaceIn): SearchSpace {
  return given(written);
}

type Given<T> = { [K in keyof T]: Exclude<T[K], null> };

/** The fields that have a value: a null is the same as a field that is left out. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Given<T>;
}
