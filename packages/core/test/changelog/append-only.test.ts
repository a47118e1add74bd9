import { describe, expect, it } from 'vitest';
import { SweeplineError } from '../../src/errors.js';
import type { Row } from '../../src/matrix/changelog/row.js';
import { appending, entry, revision, row, sweep, written } from './fixtures.js';

const at = (...concurrencies: number[]): Row[] => concurrencies.map((conc) => row({ conc }));
const nodes = (conc: readonly number[]): Row =>
  row({
    tp: undefined,
    ep: undefined,
    conc,
    prefill: { 'num-worker': 1, tp: 8 },
    decode: { 'num-worker': 2, tp: 4 },
  });

interface Given {
  readonly before: readonly Row[];
  readonly after: readonly Row[];
  readonly configsBefore?: string;
  readonly configsAfter?: string;
  readonly text?: string;
  readonly flags?: { readonly allEvals?: boolean };
}

const ENTRY = entry(['a'], 'append-only: true');
const CONFIGS = written['2026-08']('a', 'b');

async function append({
  before,
  after,
  configsBefore = CONFIGS,
  configsAfter = CONFIGS,
  text = ENTRY,
  flags,
}: Given) {
  return sweep({
    diff: appending(text),
    head: await revision(configsAfter, '2026-08', () => after),
    base: () => revision(configsBefore, '2026-08', () => before),
    ...(flags === undefined ? {} : { flags }),
  });
}

async function added(before: readonly Row[], after: readonly Row[]) {
  const { single_node, evals } = await append({ before, after });
  expect(evals).toEqual([]);
  return single_node['1k1k']?.map((one) => one.conc);
}

describe('append-only entries', () => {
  it('run the new points alone, once, in their order', async () => {
    expect(await added(at(4, 8), at(4, 32, 8, 16, 32))).toEqual([32, 16]);
    const { multi_node } = await append({ before: [nodes([4])], after: [nodes([16, 4, 8, 16])] });
    expect(multi_node['1k1k']?.map((one) => one.conc)).toEqual([[16, 8]]);
  });

  it('run new recipes of a known curve', async () => {
    const wider = row({ conc: 4, decode: undefined, extra: 1 });
    expect(await added(at(4), [...at(4), wider])).toEqual([4]);
  });

  const kept = at(4, 8);
  it.each<[string, Given, string]>([
    ['add nothing', { before: kept, after: kept }, 'adds no point'],
    ['have no base to add to', { before: [], after: kept }, 'has no point in the base'],
    ['remove a point', { before: kept, after: at(4, 16) }, 'removes concurrency 8'],
    [
      'change a recipe',
      { before: kept, after: at(4, 8).map((one) => ({ ...one, image: 'engine:2' })) },
      'changes image from "engine:1" to "engine:2" in the recipe mod_1k1k on h200 (tp 8, ep 1)',
    ],
    [
      'remove a recipe',
      {
        before: [...kept, nodes([4])],
        after: kept,
      },
      'removes the recipe mod_1k1k on h200 (prefill 1 × tp 8, decode 2 × tp 4)',
    ],
    [
      'add another image',
      { before: kept, after: [...kept, row({ image: 'engine:2', conc: 16 })] },
      'image engine:2 to a curve whose image in the base is engine:1',
    ],
    [
      'start a curve',
      { before: kept, after: [...kept, row({ 'spec-decoding': 'mtp' })] },
      'a curve that the base does not have',
    ],
    [
      'come with a change of another entry',
      { before: kept, after: at(4, 8, 16), configsBefore: written['2026-08']('a') },
      'the config entry b changed',
    ],
    [
      'name an entry that the base has not',
      { before: kept, after: at(4, 8, 16), configsBefore: written['2026-08']('b') },
      'the base has no config entry a',
    ],
  ])('may not %s', async (_, given, told) => {
    const error: unknown = await append(given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SweeplineError);
    expect(error).toMatchObject({ code: 'APPEND_ONLY', where: { file: 'log.yaml' } });
    expect((error as SweeplineError).message).toContain(told);
  });

  it('stand alone: no other entries, no evals', async () => {
    const given = { before: kept, after: at(4, 8, 16) };
    await expect(append({ ...given, text: ENTRY + entry(['b']) })).rejects.toMatchObject({
      code: 'CHANGELOG_INVALID',
      where: { line: 14 },
    });
    await expect(append({ ...given, flags: { allEvals: true } })).rejects.toMatchObject({ code: 'USAGE' });
    const text = entry(['a'], 'append-only: true', 'evals-only: true');
    await expect(append({ ...given, text })).rejects.toMatchObject({ code: 'CHANGELOG_INVALID' });
  });
});

describe('scope of append-only entries', () => {
  const fields = `image: 'engine:1', model: m, model-prefix: mod, runner: 'cluster:h200', precision: fp8, framework: vllm, multinode: false`;
  const config = ({ fixed = 4, agents = 8, image = 'engine:1', agentic = true }) =>
    `a: { ${fields.replace('engine:1', image)}, scenarios: {` +
    ` fixed-seq-len: [{ isl: 1024, osl: 1024, search-space: [{ tp: 8, conc-list: [${fixed}] }] }]` +
    (agentic
      ? `, agentic-coding: [{ search-space: [{ tp: 8, kv-offloading: none, conc-list: [${agents}] }] }]`
      : '') +
    ' } }\n';
  const text = entry(['a'], 'append-only: true', 'scenario-type: [agentic-coding]');
  const given = { before: at(4), after: at(4, 8), configsBefore: config({}), text };

  it('is the scenarios that are selected', async () => {
    const { single_node } = await append({ ...given, configsAfter: config({ agents: 16 }) });
    expect(single_node['1k1k']).toHaveLength(1);
  });

  it.each([
    ['another scenario', config({ fixed: 8 }), 'fixed-seq-len of a changed'],
    ['fields of the entry', config({ image: 'engine:2' }), 'also affect fixed-seq-len'],
    ['which scenarios there are', config({ agentic: false }), 'agentic-coding was removed from'],
  ])('leaves out %s', async (_, configsAfter, told) => {
    await expect(append({ ...given, configsAfter })).rejects.toThrow(told);
  });
});
