import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Concurrencies, MultiNodeSpace, SingleNodeSpace } from '../../src/config/model.js';
import { applyEvals } from '../../src/matrix/evals/index.js';
import { fullSweep, type FullSweepOptions } from '../../src/matrix/full-sweep.js';
import { concurrenciesOf, isAgentic, isMultiNode, type Job } from '../../src/matrix/job.js';
import { testConfig } from '../../src/matrix/test-config.js';
import type { KeyedEntry } from '../../src/matrix/walk.js';
import { ALL, DIALECTS, entry, list, onManyNodes, onOneNode, range, RUNNERS } from './entries.js';

const conc = fc.integer({ min: 1, max: 600 });
const ranges = fc.tuple(conc, conc).map(([a, b]) => range(Math.min(a, b), Math.max(a, b)));
const concurrencies: fc.Arbitrary<Concurrencies> = fc.oneof(
  ranges,
  fc.uniqueArray(conc, { minLength: 1, maxLength: 5 }).map((values) => list(...values)),
);
const size = fc.constantFrom(1, 2, 4, 8);

const oneNode: fc.Arbitrary<SingleNodeSpace> = fc
  .record({
    tp: size,
    ep: fc.option(size, { nil: undefined }),
    attention: fc.boolean(),
    spec: fc.constantFrom('none', 'mtp'),
    concurrencies,
  })
  .map(({ tp, ep, attention, spec, concurrencies: of }) =>
    onOneNode(tp, {
      ...(ep === undefined ? {} : { ep }),
      ...{ 'dp-attn': attention, 'spec-decoding': spec, 'kv-offloading': 'none', ...of },
    }),
  );
const manyNodes: fc.Arbitrary<MultiNodeSpace> = concurrencies.map((of) => onManyNodes(of));

const spaces = fc.oneof(
  fc.array(oneNode, { minLength: 1, maxLength: 4 }),
  fc.array(manyNodes, { minLength: 1, maxLength: 3 }),
);

const entries: fc.Arbitrary<readonly KeyedEntry[]> = fc
  .record({
    dialect: fc.constantFrom(...DIALECTS),
    all: fc.array(
      fc.record({
        spaces,
        runner: fc.constantFrom('h200', 'b200', 'elsewhere'),
        precision: fc.constantFrom('fp4', 'fp8'),
        lengths: fc.subarray(
          [
            [1024, 1024],
            [1024, 8192],
            [8192, 1024],
          ] as const,
          { minLength: 1 },
        ),
        isAgentic: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ dialect, all }) =>
    all.map((one, index) =>
      entry(`key-${index}`, {
        dialect,
        spaces: one.spaces,
        lengths: one.lengths,
        agentic: dialect === '2026-08' && one.isAgentic ? [{ 'search-space': one.spaces }] : [],
        runner: one.runner,
        precision: one.precision,
        // Distinguishes the jobs of different entries.
        'model-prefix': `m${index}`,
      }),
    ),
  );

const bound = fc.option(fc.integer({ min: -2, max: 700 }), { nil: undefined });

/** Filters that only remove. */
const removing = fc.record({
  modelPrefix: fc.constantFrom(undefined, ['key-1'], ['key-0', 'key-2']),
  precision: fc.constantFrom(undefined, ['fp4'], ['fp8', 'fp4']),
  runnerType: fc.constantFrom(undefined, ['h200']),
  maxTp: fc.constantFrom(undefined, 0, 1, 4, 8),
  singleNode: fc.boolean(),
  multiNode: fc.boolean(),
  seqLens: fc.constantFrom(
    undefined,
    [[1024, 8192]] as const,
    [
      [8192, 1024],
      [1024, 1024],
    ] as const,
  ),
}) as fc.Arbitrary<Partial<FullSweepOptions>>;

const sweep = (of: readonly KeyedEntry[], options: Partial<FullSweepOptions> = {}) =>
  fullSweep(of, RUNNERS, { ...ALL, ...options });

const texts = (jobs: readonly Job[]) => jobs.map((job) => JSON.stringify(job));

/** Whether one list is the other with some elements left out. */
function isThinned(kept: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  return kept.every((text) => {
    at = all.indexOf(text, at) + 1;
    return at > 0;
  });
}

/** The concurrencies of a search-space point: of its jobs on one node, or of its single job on several nodes. */
function concsOf(space: SingleNodeSpace | MultiNodeSpace, options: Partial<FullSweepOptions> = {}) {
  return sweep([entry('a', { spaces: [space] })], options).flatMap(concurrenciesOf);
}

const space = fc.oneof(oneNode, manyNodes);
const step = fc.integer({ min: 2, max: 9 });

describe('concurrencies of a range', () => {
  const ofRange = fc.oneof(
    ranges.map((of) => onOneNode(8, of)),
    ranges.map((of) => onManyNodes(of)),
  );

  it('lie within it, begin with its start, end with its end, grow, and are not repeated', () => {
    fc.assert(
      fc.property(ofRange, step, (of, stepSize) => {
        const values = concsOf(of, { stepSize });
        expect(values[0]).toBe(of['conc-start']);
        expect(values.at(-1)).toBe(of['conc-end']);
        expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
      }),
    );
  });

  it('are the start times powers of the step, but for the last', () => {
    fc.assert(
      fc.property(ofRange, step, (of, stepSize) => {
        const values = concsOf(of, { stepSize }).slice(0, -1);
        values.forEach((value, index) => expect(value).toBe((of['conc-start'] ?? 0) * stepSize ** index));
      }),
    );
  });
});

describe('bounds on concurrency', () => {
  it('hold, but for max-conc, which alone may take the place of what lies above it', () => {
    fc.assert(
      fc.property(space, bound, bound, (of, minConc, maxConc) => {
        const values = concsOf(of, { minConc, maxConc });
        for (const value of values) {
          expect(value).toBeLessThanOrEqual(maxConc ?? Infinity);
          if (value !== maxConc) expect(value).toBeGreaterThanOrEqual(minConc ?? 1);
        }
        expect(new Set(values).size).toBe(values.length);
      }),
    );
  });

  it('leave nothing when they are not positive', () => {
    fc.assert(
      fc.property(space, fc.integer({ min: -9, max: 0 }), (of, limit) => {
        expect(concsOf(of, { minConc: limit })).toEqual([]);
        expect(concsOf(of, { maxConc: limit })).toEqual([]);
      }),
    );
  });

  it('only remove from lists, from ranges over many nodes and from agentic scenarios', () => {
    fc.assert(
      fc.property(entries, bound, (of, minConc) => {
        const values = (jobs: readonly Job[]) =>
          jobs
            .filter((job) => isAgentic(job) || isMultiNode(job))
            .flatMap((job) => concurrenciesOf(job).map((value) => `${job['exp-name']} ${value}`));
        expect(isThinned(values(sweep(of, { minConc })), values(sweep(of)))).toBe(true);
      }),
    );
  });
});

describe('filters', () => {
  it('only remove, and keep the order', () => {
    fc.assert(
      fc.property(entries, removing, (of, options) => {
        expect(isThinned(texts(sweep(of, options)), texts(sweep(of)))).toBe(true);
      }),
    );
  });

  it('clamp ep and change nothing else', () => {
    fc.assert(
      fc.property(entries, size, (of, maxEp) => {
        const clamped = sweep(of).map((job) =>
          'tp' in job && !isAgentic(job) ? { ...job, ep: Math.min(job.ep, maxEp) } : job,
        );
        expect(sweep(of, { maxEp })).toEqual(clamped);
      }),
    );
  });

  it('spread each job over the nodes that match, and over nothing else', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom('h200', '_0', 'b', 'zzz', ''), (of, runnerNodeFilter) => {
        const nodes = (label: string) =>
          (RUNNERS.labels[label] ?? []).filter((node) => node.includes(runnerNodeFilter));
        const spread = sweep(of).flatMap((job) =>
          runnerNodeFilter === '' ? [job] : nodes(job.runner).map((node) => ({ ...job, runner: node })),
        );
        expect(texts(sweep(of, { runnerNodeFilter })).sort()).toEqual(texts(spread).sort());
      }),
    );
  });
});

describe('expansion', () => {
  it('is that of each entry, one after the other', () => {
    fc.assert(
      fc.property(entries, (of) => {
        expect(sweep(of)).toEqual(of.flatMap((one) => sweep([one])));
      }),
    );
  });

  it('is the same by keys as in a full sweep with steps of 2', () => {
    fc.assert(
      fc.property(entries, (of) => {
        expect(testConfig(of, RUNNERS, { configKeys: of.map(({ key }) => key) })).toEqual(sweep(of));
      }),
    );
  });

  it('leaves its input alone', () => {
    fc.assert(
      fc.property(entries, removing, (of, options) => {
        const before = JSON.stringify(of);
        applyEvals(sweep(of, options), of[0]?.entry.dialect ?? '2026-02', { evalsOnly: true });
        expect(JSON.stringify(of)).toBe(before);
      }),
    );
  });
});

describe('marks of accuracy runs', () => {
  const MARKS: readonly string[] = ['run-eval', 'eval-only', 'eval-conc'];
  const bare = (job: Job) => JSON.stringify(Object.entries(job).filter(([key]) => !MARKS.includes(key)));

  it('change nothing but marks', () => {
    fc.assert(
      fc.property(entries, (of) => {
        const jobs = sweep(of);
        const marked = applyEvals(jobs, of[0]?.entry.dialect ?? '2026-02', { runEvals: true });
        expect(marked.map(bare)).toEqual(jobs.map(bare));
      }),
    );
  });

  it('are on jobs of the lengths of accuracy runs, and on the same ones when those are kept alone', () => {
    fc.assert(
      fc.property(entries, (of) => {
        const dialect = of[0]?.entry.dialect ?? '2026-02';
        const marked = applyEvals(sweep(of), dialect, { runEvals: true }).filter((job) => job['run-eval']);
        const alone = applyEvals(sweep(of), dialect, { evalsOnly: true });
        const lengths = dialect === '2026-02' ? '1k8k' : '8k1k';
        expect(marked.every((job) => job['exp-name'].endsWith(lengths))).toBe(true);
        expect(alone.filter((job) => !isAgentic(job)).map(bare)).toEqual(marked.map(bare));
      }),
    );
  });
});
