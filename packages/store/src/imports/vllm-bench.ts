import { seriesOf } from '../index/series.js';
import { given, number, text, type Json } from '../json.js';
import type { Identity } from '../index/tables.js';
import { eachRow, firstOf } from './each-row.js';
import type { ImportFormat } from './format.js';
import { stallMark } from './stall.js';

/**
 * What `vllm bench serve --save-result` writes, and SGLang's and InferenceX's benchmark_serving.py with the same keys: times in ms,
 * throughputs in tokens/s of the whole server. It doesn't say on which hardware, nor in how many devices.
 */
export const vllmBench: ImportFormat = {
  name: 'vllm-bench',
  origin: 'vllm-bench',
  matches(content) {
    const row = firstOf(content);
    return 'mean_ttft_ms' in row && 'request_throughput' in row && 'duration' in row;
  },
  rows: (imported) =>
    eachRow(imported, ({ row, run, point, file }) => {
      const identity = given<Identity>({
        model: text(row['model_id']),
        conc: number(row['max_concurrency']),
        rate: number(row['request_rate']),
      });
      const numbers = { ...row, max_concurrency: undefined, request_rate: undefined };
      const s = (key: string): number | undefined => {
        const value = number(row[key]);
        return value === undefined ? undefined : value / 1000;
      };
      const stall = stallMark(run, point, { p99: s('p99_ttft_ms'), median: s('median_ttft_ms') });
      return [
        {
          table: 'result_rows',
          cells: {
            ...{
              run,
              point,
              origin: 'vllm-bench',
              series: seriesOf(identity),
              state: 'completed',
              is_valid: true,
            },
            ...{ ...identity, finished_at: dateOf(row['date']), file, extra: extra(row) },
          },
          numbers: [numbers],
        },
        ...(stall === undefined ? [] : [stall]),
      ];
    }),
};

/** `20260131-235959`, in the time of the machine that wrote it, which is not known: taken as UTC. */
function dateOf(value: unknown): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(text(value) ?? '')?.slice(1);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** Settings. Lists with an item per request stay in the file. */
function extra(row: Json): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value === 'string')),
  );
}
