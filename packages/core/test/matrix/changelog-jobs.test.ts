import { describe, expect, it } from 'vitest';
import { jobsOfChangelog } from '../../src/matrix/changelog/jobs.js';
import { readMatrix } from '../../src/matrix/read.js';

const base = {
  ...{ image: 'i:1', model: 'm', 'model-prefix': 'm', precision: 'fp8', framework: 'sglang', runner: 'h200' },
  ...{ 'spec-decoding': 'none', 'exp-name': 'm_8k1k', isl: 8192, osl: 1024, 'max-model-len': 9416 },
};
const single = (conc: number, more: object = {}) => ({
  ...base,
  ...{ tp: 8, ep: 1, 'dp-attn': false, disagg: false, conc, ...more },
});
const worker = { 'num-worker': 1, tp: 8, ep: 1, 'dp-attn': false };
const multi = (conc: readonly number[], more: object = {}) => ({
  ...base,
  ...{ prefill: worker, decode: worker, conc, disagg: true, ...more },
});
const metadata = {
  ...{ base_ref: 'a', head_ref: 'b' },
  entries: [{ 'config-keys': ['m-*'], description: ['new image'], 'pr-link': 'x', 'evals-only': false }],
};
const asked = { 'run-eval': true, 'eval-only': true };

function jobs(lists: object): readonly unknown[] {
  const text = JSON.stringify({ single_node: {}, multi_node: {}, ...lists, changelog_metadata: metadata });
  return readMatrix(text, 'matrix.json').jobs;
}

describe('the matrix of a changelog', () => {
  it('asks a server that is measured as well in its own session', () => {
    const found = jobs({
      single_node: { '8k1k': [single(16), single(64, { 'recipe-fingerprint': 'f' })] },
      evals: [single(64, asked)],
    });

    expect(found).toMatchObject([{ conc: 16 }, { conc: 64, 'run-eval': true }]);
    expect(found).toHaveLength(2);
    expect(found[0]).not.toHaveProperty('run-eval');
    expect(found[1]).not.toHaveProperty('eval-only');
  });

  it('asks others alone', () => {
    const found = jobs({
      single_node: { '8k1k': [single(16)] },
      evals: [single(64, asked), single(16, { ...asked, image: 'i:2' })],
    });

    expect(found).toMatchObject([{ conc: 16 }, { conc: 64, ...asked }, { conc: 16, image: 'i:2', ...asked }]);
  });

  it('asks a topology at the concurrency that is named, and at all of them where that is asked', () => {
    expect(
      jobs({
        multi_node: { '8k1k': [multi([8, 32])] },
        multinode_evals: [multi([8, 32], { ...asked, 'eval-conc': 32 })],
      }),
    ).toMatchObject([{ conc: [8, 32], 'run-eval': true, 'eval-conc': 32 }]);
    expect(
      jobs({
        multi_node: { '8k1k': [multi([8, 32])] },
        multinode_evals: [multi([8, 32], { ...asked, 'eval-all-concs': true })],
      }),
    ).toMatchObject([{ conc: [8, 32], 'run-eval': true, 'eval-all-concs': true }]);
  });

  it('has the rows that are only evals among its benchmarks in the older dialect', () => {
    expect(jobs({ single_node: { '8k1k': [single(16), single(32, asked)] } })).toMatchObject([
      { conc: 16 },
      { conc: 32, ...asked },
    ]);
  });

  it('keeps why it is run, and names the place of what is wrong in it', () => {
    const text = (lists: object) =>
      JSON.stringify({ single_node: {}, multi_node: {}, ...lists, changelog_metadata: metadata });

    expect(readMatrix(text({}), 'matrix.json').changelog).toEqual(metadata);
    expect(() => readMatrix(text({ evals: [single(0)] }), 'matrix.json')).toThrow(/evals\[0\].*conc/);
    expect(() => readMatrix(text({ single_node: { '8k1k': [{}] } }), 'matrix.json')).toThrow(
      /single_node\.8k1k\[0\]/,
    );
  });

  it('is the same for the lists themselves', () => {
    expect(jobsOfChangelog({ single_node: {}, multi_node: {} })).toEqual([]);
  });
});
