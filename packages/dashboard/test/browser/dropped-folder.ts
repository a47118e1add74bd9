import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HOSTILE } from './hostile.js';

/** A folder as somebody drops it: a run, artifacts of InferenceX, and what can't be read. */
export async function writeDroppedFolder(folder: string): Promise<void> {
  const put = async (path: string, content: unknown): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const run = { schema: 'sweepline.run/2', id: 'my-run', sweepline: '1.0.0', state: 'finished' };
  const output = {
    key: 'median_intvty',
    label: HOSTILE[0],
    unit: HOSTILE[1],
    better: 'higher',
    definition: HOSTILE[2],
  };
  await put('one/run.json', { ...run, outputs: [output], points: 3 });
  const results = [ownResult('fast', 910), ownResult('slow', 410), failedResult('broken')];
  const lines = results.map((result) => JSON.stringify({ v: 1, folder: `points/${result.name}`, result }));
  await put('one/results.ndjson', `${lines.join('\n')}\n`);
  for (const result of results) await put(`one/points/${result.name}/result.json`, result);
  await put('one/points/fast/plan.json', { image: HOSTILE[0], argv: ['serve', HOSTILE[1]] });
  await put('artifacts/results_bmk/agg_bmk.json', [artifactRow(64, 1200), artifactRow(32, 800)]);
  await put('artifacts/bmk_x/agg_x.json', artifactRow(64, 1200));
  await put('hostile/agg_bmk.json', HOSTILE.map(hostileRow));
  await put('cut-off.json', '[{"hw": "h200", "conc": 4');
  await put('list.json', [1, 2, 3]);
  await put('notes.txt', 'hello');
  await using huge = await open(join(folder, 'huge.json'), 'w');
  await huge.truncate(200 * 2 ** 20);
}

interface OwnResult extends Readonly<Record<string, unknown>> {
  readonly name: string;
}

function ownResult(name: string, throughput: number): OwnResult {
  const job = { model: 'm', 'model-prefix': 'dsr1', runner: 'b200', tp: 8, ep: 1, isl: 1024, osl: 1024 };
  return {
    ...{ schema: 'sweepline.result/2', name, state: 'completed', concurrency: 4 },
    ...{ startedAt: '2026-11-05T10:00:00.000Z', finishedAt: '2026-11-05T10:01:00.000Z' },
    job: { ...job, framework: 'sglang', precision: 'fp8', image: HOSTILE[3] },
    marks: [{ code: HOSTILE[4], severity: 'note', message: HOSTILE[5] }],
    row: { hw: 'b200', tput_per_gpu: throughput, median_intvty: 20_000 / throughput },
    ...{
      provenance: { sweepline: '1.0.0', hardware: { sku: 'b200' } },
      files: { plan: 'plan.json', logs: [] },
    },
  };
}

function failedResult(name: string): OwnResult {
  const error = { code: 'SERVER_DIED', message: HOSTILE[0], layer: HOSTILE[1], logTail: HOSTILE[3] };
  return { ...ownResult(name, 1), row: undefined, state: 'failed', error };
}

function artifactRow(conc: number, throughput: number): object {
  return {
    ...{ hw: 'h200', conc, isl: 1024, osl: 1024, tp: 8, ep: 1, framework: 'vllm', precision: 'fp8' },
    ...{ infmax_model_prefix: 'dsr1', model: 'm', tput_per_gpu: throughput, median_intvty: 900 / conc },
    ...{ median_ttft: 0.2, median_e2el: 9 },
  };
}

function hostileRow(text: string, at: number): object {
  return {
    ...artifactRow(at + 1, 100 + at),
    hw: text,
    framework: text,
    precision: text,
    image: text,
    model: text,
    [text]: 5,
  };
}
