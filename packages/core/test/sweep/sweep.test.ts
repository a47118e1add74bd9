import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResultFiles } from '../../src/results/schema.js';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

const POINT = 'one_20_5_fp8_acme_tp1-ep1-dpafalse_disagg-false_spec-none_conc2_acme-x1_ba9deb0689d7';

describe('a sweep with a framework, hardware and a metric of an installed package', () => {
  it('measures each point on a server of its own and leaves everything that was learnt', async () => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
      'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }),
    });

    const { exitCode, stdout, stderr } = await workspace.cli(['sweep', '--allow-invalid']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^one +acme-x1 +acme +fp8 +20\/5 +1\/1 +2 .*completed$/m);
    expect(stderr).toMatch(/^2 points; results in /m);
    expect(stderr).toMatch(/^\[2\/2\] one_.* completed/m);
    const [, result] = await workspace.results();
    if (result?.state !== 'completed') throw new Error('not completed');
    expect(result).toMatchObject({
      name: POINT,
      concurrency: 2,
      delivered: { offered: 20, sent: 20, completed: 20, failed: 0, peakInFlight: 2 },
      metrics: { completed: 20, acme_longest_output: 5 },
      provenance: {
        framework: { plugin: 'acme', package: '@acme/sweepline-plugin', version: '1.2.3' },
        placement: { place: 'server-node', path: 'loopback' },
        engine: { slots: '4' },
      },
    });
    const record = await workspace.records(POINT);
    expect(record.requests.reduce((sum, { outputTokens }) => sum + outputTokens!, 0)).toBe(
      result.metrics['total_output_tokens'],
    );
    expect(await workspace.processes()).toEqual([]);
  });

  it('names the session and the files of each point', async () => {
    const entries = [
      acmeEntry('one', { conc: [1] }),
      acmeEntry('two', { options: { args: ['--exit-with', '7'] } }),
    ];
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': entries.join('') });

    await workspace.cli(['sweep', '--allow-invalid']);

    const results = await workspace.results();
    expect(results.map(({ state }) => state)).toEqual(['completed', 'failed']);
    for (const { name, provenance, files } of results) {
      const session = await workspace.readRunFile(`sessions/${provenance.session}.json`);
      expect(JSON.parse(session)).toMatchObject({
        token: provenance.session,
        points: [name],
        state: 'ended',
      });
      for (const file of pathsOf(files)) await workspace.readRunFile(`points/${name}/${file}`);
    }
    const logs = [{ role: 'server', replica: 0, rank: 0, file: 'logs/server-0-0.log' }];
    const [load, raw, records] = ['load.json', 'raw.json', 'records.jsonl'];
    expect(results[0]?.files).toEqual({ plan: 'plan.json', load, raw, records, logs });
    expect(results[1]?.files).toEqual({ plan: 'plan.json', logs });
  });

  it('plans for the node that it holds, and keeps what was launched there', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one', { conc: [1] }) });

    const printed = JSON.parse((await workspace.cli(['plan', '--json'])).stdout) as unknown;
    await workspace.cli(['sweep', '--allow-invalid']);

    expect(printed).toMatchObject([{ processes: [{ env: {} }] }]);
    expect(JSON.stringify(printed)).not.toContain('ACME_DRIVER');
    const point = POINT.replace('conc2', 'conc1').replace('ba9deb0689d7', '96ebb83194b3');
    expect(JSON.parse(await workspace.readRunFile(`points/${point}/plan.json`))).toMatchObject({
      processes: [{ env: { ACME_DRIVER: '7' } }],
    });
    expect(await workspace.results()).toMatchObject([{ provenance: { hardware: { facts: { driver: 7 } } } }]);
  });

  it('loads with the threads and judges the client by the limits of the workspace', async () => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { workers: 2, limits: { lag-floor-ms: 0, lag-share-of-ttft: 0.000001 } }\n`,
      'configs/acme.yaml': acmeEntry('one', { conc: [2] }),
    });

    await workspace.cli(['sweep', '--allow-invalid']);

    const [result] = await workspace.results();
    expect(result).toMatchObject({ marks: [{ code: 'slow-client', severity: 'invalid' }] });
    // No row of it gets to where rows are collected.
    await expect(workspace.readRunFile(`bmk_${POINT}/agg_${POINT}.json`)).rejects.toThrow('ENOENT');
    const { client, spec } = await workspace.records(POINT);
    expect(client.workers).toHaveLength(2);
    expect(spec.clientLimits).toEqual({ lagFloorMs: 0, lagShareOfTtft: 0.000001 });
  });

  it('takes models by any name', async () => {
    const entry = acmeEntry('one', { conc: [1] })
      .replace('model: fake-model', "model: 'org/mödel name: 1'")
      .replace('model-prefix: one', `model-prefix: './ö ${'long'.repeat(80)}'`);
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': entry });

    expect(await workspace.cli(['sweep', '--allow-invalid'])).toMatchObject({ exitCode: 0 });

    const [result] = await workspace.results();
    expect(result).toMatchObject({ state: 'completed', job: { model: 'org/mödel name: 1' } });
    expect(result?.name).toMatch(/^-[\w.-]{100,200}_conc1_acme-x1_[0-9a-f]{12}$/);
  });

  it("writes InferenceX's artifacts, with the plugin's own number in the row", async () => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
      // Tokens that arrive together have no interactivity, which readers of rows need.
      'configs/acme.yaml': acmeEntry('one', { options: { args: ['--token-ms', '2'] } }),
    });

    const { stderr } = await workspace.cli(['sweep', '--allow-invalid']);

    expect(stderr).toMatch(/^1 point; results in /m);
    const [{ name } = { name: '' }] = await workspace.results();
    const row = JSON.parse(await workspace.readRunFile(`bmk_${name}/agg_${name}.json`)) as Record<
      string,
      unknown
    >;
    expect(row).toMatchObject({
      hw: 'acme-x1',
      conc: 2,
      infmax_model_prefix: 'one',
      is_multinode: false,
      tp: 1,
      dp_attention: 'false',
      acme_longest_output: 5,
    });
    for (const key of ['tput_per_gpu', 'median_ttft', 'median_tpot', 'p99_e2el']) {
      expect(row[key]).toEqual(expect.any(Number));
    }
    expect(JSON.parse(await workspace.readRunFile('results_bmk/agg_bmk.json'))).toEqual([row]);
    // The server counted the same: a probe, four warm-ups and the measured requests.
    const summary = /summary (\{.*\})/.exec(
      await workspace.readRunFile(`server_logs_${name}/server.log`),
    )?.[1];
    expect(JSON.parse(summary ?? '{}')).toMatchObject({
      requests: 25,
      completed: 25,
      failed: 0,
    });
    const files = await readdir(join(workspace.root, 'results'), { recursive: true });
    expect(files.filter((file) => /\.tmp$|\.running/.test(file))).toEqual([]);
  });

  it('keeps its numbers when a plugin of a metric fails, and says so', async () => {
    const metric = `{ kind: 'metric', name: 'm', apiVersion: 2, outputs: [{ key: 'm', label: 'M', unit: '', better: 'neither', definition: 'M.' }],
      compute() { throw new Error('out of ideas'); } }`;
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': SWEEPLINE_YAML.replace(']', ", '../broken.js']"),
      'broken.js': `export default [${metric}];`,
      'package.json': '{ "type": "module" }',
      'configs/acme.yaml': acmeEntry('one'),
    });

    const { exitCode, stdout } = await workspace.cli(['sweep', '--allow-invalid']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/metric-failed: metric m: compute: out of ideas \(at .*broken\.js:2\)/);
    const [result] = await workspace.results();
    expect(result).toMatchObject({ state: 'completed', metrics: { completed: 20 } });
  });

  it('can be reported again from its files, in every format', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });
    const { stdout: swept } = await workspace.cli(['sweep', '--json']);

    const formats = await Promise.all(
      ['json', 'markdown', 'csv'].map((format) => workspace.cli(['report', '--format', format])),
    );

    const [json, markdown, csv] = formats.map(({ stdout }) => stdout);
    expect(JSON.parse(json ?? '')).toEqual(JSON.parse(swept));
    expect(markdown).toMatch(/\| one +\| fake-model/);
    expect(csv).toMatch(/acme_longest_output/);
  });

  it('gives points that would share a name folders of their own', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml':
        acmeEntry('one') + acmeEntry('two').replace('model-prefix: two', 'model-prefix: one'),
    });

    await workspace.cli(['sweep', '--allow-invalid']);

    expect((await workspace.results()).map(({ name }) => name)).toEqual([POINT, `${POINT}-2`]);
  });
});

function pathsOf({ logs = [], ...files }: ResultFiles = {}): readonly string[] {
  return [...Object.values(files), ...logs.map(({ file }) => file)];
}
