import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Worker } from '../../src/config/model.js';
import { recipeFingerprint, recipeOf, type Row } from '../../src/matrix/changelog/row.js';
import { isMultiNode } from '../../src/matrix/job.js';
import { trimConcurrencies } from '../../src/matrix/changelog/trim.js';
import { appending, entry, revision, row, sweep, written } from './fixtures.js';

const worker = (ep: number): Worker => ({
  'num-worker': 1,
  tp: 8,
  ep,
  'dp-attn': false,
});
const multi = (ep: number, conc: readonly number[], more: object = {}): Row =>
  row({ ...more, prefill: worker(ep), decode: worker(1), conc });

describe('recipe', () => {
  it('leaves out what tells points apart', () => {
    const other = row({ conc: 8, 'exp-name': 'other', 'recipe-fingerprint': 'x' });
    expect(recipeFingerprint(other)).toBe(recipeFingerprint(row()));
    expect(recipeFingerprint(row({ image: 'engine:2' }))).not.toBe(recipeFingerprint(row()));
  });

  it('is JSON in ASCII with keys in order at all depths, and no spaces', () => {
    const text = recipeOf(multi(4, [1]));
    expect(text).toMatch(/^\{"decode":\{"dp-attn":false,"ep":1,"num-worker":1,"tp":8\},"disagg":false,/);
    expect(recipeOf(row({ model: 'é\u007f😀' }))).toContain(String.raw`"model":"\u00e9\u007f\ud83d\ude00"`);
  });

  it('has the SHA-256 of that as its name', () => {
    expect(recipeFingerprint(row())).toBe(createHash('sha256').update(recipeOf(row())).digest('hex'));
  });
});

describe('trimConcurrencies', () => {
  it('keeps the lowest concurrency of each recipe, wherever it stands', () => {
    const rows = [8, 2, 4].map((conc) => row({ conc }));
    const other = row({ precision: 'fp4', conc: 16 });
    expect(trimConcurrencies([...rows, other])).toEqual([rows[1], other]);
  });

  it('keeps all multi-node rows, each at its lowest', () => {
    const trimmed = trimConcurrencies([multi(4, [64, 8]), multi(4, [16])]);
    expect(trimmed.map((one) => one.conc)).toEqual([[8], [16]]);
  });
});

describe('buckets', () => {
  const agentic = {
    'scenario-type': 'agentic-coding',
    isl: undefined,
    osl: undefined,
  };
  const rows: readonly Row[] = [row(), row(agentic), multi(2, [8]), multi(8, [16]), multi(8, [4], agentic)];

  it('parts rows by nodes, lengths, agents and evals', async () => {
    const head = await revision(written['2026-08']('a'), '2026-08', () => rows);
    const matrix = await sweep({ diff: appending(entry(['a'])), head });
    expect(Object.keys(matrix.single_node)).toEqual(['1k1k', 'agentic']);
    expect(Object.keys(matrix.multi_node)).toEqual(['1k1k', 'agentic']);
    const { evals, agentic_evals, multinode_evals, multinode_agentic_evals } = matrix;
    const counts = [evals, agentic_evals, multinode_evals, multinode_agentic_evals].map(
      (bucket) => bucket?.length,
    );
    expect(counts).toEqual([1, 1, 2, 1]);
    expect(matrix.single_node['1k1k']?.[0]).toHaveProperty('recipe-fingerprint');
    expect(evals?.[0]).not.toHaveProperty('recipe-fingerprint');
  });

  it('leaves out evals whose prefill workers have too low an ep', async () => {
    const head = await revision(written['2026-08']('a'), '2026-08', () => rows);
    const { multi_node, evals, multinode_evals } = await sweep({
      diff: appending(entry(['a'], 'eval-min-prefill-ep: 4')),
      head,
    });
    expect(multinode_evals?.filter(isMultiNode).map(({ prefill }) => prefill.ep)).toEqual([8]);
    expect(evals).toHaveLength(1);
    expect(multi_node['1k1k']).toHaveLength(2);
  });

  it('fills in what the schema of rows has defaults for', async () => {
    const head = await revision(written['2026-08']('a'), '2026-08', () => rows);
    const { single_node, multi_node } = await sweep({ diff: appending(entry(['a'])), head });
    expect(single_node['1k1k']?.[0]).toMatchObject({ 'eval-only': false });
    expect(single_node['agentic']?.[0]).not.toHaveProperty('eval-only');
    expect(multi_node['1k1k']?.[0]).toMatchObject({
      'eval-all-concs': false,
      prefill: { 'additional-settings': [] },
    });
  });
});
