import { fileURLToPath } from 'node:url';
import { makeTestWorkspace } from '@sweepline/core/testing';
import { describe, expect, it } from 'vitest';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const CONFIG = `tiny:
  image: host
  model: synthetic:tiny
  model-prefix: tiny
  runner: cpu
  precision: int4
  framework: llamacpp
  multinode: false
  seq-len-configs:
    - { isl: 48, osl: 12, search-space: [{ tp: 1, conc-list: [1, 4] }] }
`;

interface ServedRequest {
  readonly state: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What the server wrote down of each request that it served. */
function servedRequests(log: string): readonly ServedRequest[] {
  const lines = log.matchAll(/^request id=\S+ state=(\w+) prompt_tokens=(\d+) completion_tokens=(\d+)/gm);
  return [...lines].map(([, state = '', prompt, completion]) => ({
    state,
    promptTokens: Number(prompt),
    completionTokens: Number(completion),
  }));
}

const inOrder = (lengths: readonly (readonly number[])[]): readonly string[] =>
  lengths.map((pair) => pair.join('/')).sort();

describe('a sweep of llama.cpp', () => {
  it('records the requests and tokens that the server itself counted', async () => {
    await using workspace = await makeTestWorkspace({
      packages: {
        '@sweepline/plugin-llamacpp': packageFolder('plugin-llamacpp'),
        '@sweepline/hw-cpu': packageFolder('hw-cpu'),
      },
      files: { 'configs/tiny.yaml': CONFIG },
    });

    const { exitCode, stdout, stderr } = await workspace.cli([
      'sweep',
      'configs/tiny.yaml',
      '--allow-invalid',
    ]);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/tiny +cpu +llamacpp/);
    const results = await workspace.results();
    expect(results.map(({ state, concurrency }) => [state, concurrency])).toEqual([
      ['completed', 1],
      ['completed', 4],
    ]);
    for (const result of results) {
      if (result.state !== 'completed') throw new Error(`${result.name} is ${result.state}`);
      const { requests, warmups } = await workspace.records(result.name);
      const log = await workspace.readRunFile(`server_logs_${result.name}/server.log`);
      const measured = servedRequests(log).slice(-requests.length);

      expect(requests).toHaveLength(10 * result.concurrency);
      expect(warmups).toEqual({ completed: 2 * result.concurrency, failed: 0 });
      expect(inOrder(requests.map((request) => [request.promptTokens!, request.outputTokens!]))).toEqual(
        inOrder(measured.map((request) => [request.promptTokens, request.completionTokens])),
      );
      expect(new Set(measured.map(({ state }) => state))).toEqual(new Set(['completed']));
      expect(requests.map(({ chunkMs, outputTokens }) => chunkMs.length === outputTokens)).not.toContain(
        false,
      );
      expect(result.metrics['total_output_tokens']).toBe(
        measured.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
      );
      expect(result.provenance.engine).toMatchObject({ engine: 'node-llama-cpp' });
      expect(result.provenance.hardware?.facts).toHaveProperty('cpu-model');
    }
    expect(await workspace.processes()).toEqual([]);
  });
});
