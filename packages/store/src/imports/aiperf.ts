import { seriesOf } from '../index/series.js';
import type { Identity } from '../index/tables.js';
import { given, number, object, text, type Json } from '../json.js';
import { firstOf } from './each-row.js';
import type { ImportFormat } from './format.js';
import { readJson } from './read-json.js';
import { stallMark } from './stall.js';

/**
 * AIPerf's profile_export_aiperf.json: a metric has its unit and several statistics, which become numbers by the name of both:
 * `time_to_first_token.avg`.
 */
export const aiperf: ImportFormat = {
  name: 'aiperf',
  origin: 'aiperf',
  matches(content) {
    const file = firstOf(content);
    return 'input_config' in file && 'unit' in object(file['request_throughput']);
  },
  async *rows({ run, files, tree }) {
    for (const [name, path] of files) {
      const file = object(await readJson(tree, path));
      const numbers = new Map<string, number>();
      for (const [metric, value] of Object.entries(file)) {
        const { unit, ...statistics } = object(value);
        if (text(unit) === undefined) continue;
        for (const [statistic, of] of Object.entries(statistics)) {
          const key = `${metric}.${statistic}`;
          if (number(of) === undefined) continue;
          numbers.set(key, number(of)!);
          yield { table: 'outputs', cells: { run, key, label: key, unit: text(unit), better: 'neither' } };
        }
      }
      const identity = identityOf(object(file['input_config']));
      const wasCancelled = file['was_cancelled'] === true;
      yield {
        table: 'result_rows',
        cells: {
          ...{ run, point: name, origin: 'aiperf', series: seriesOf(identity), file: path },
          ...{ state: wasCancelled ? 'interrupted' : 'completed', is_valid: !wasCancelled },
          ...{ started_at: text(file['start_time']), finished_at: text(file['end_time']), ...identity },
          extra: JSON.stringify({ input_config: file['input_config'] }),
        },
        numbers: [Object.fromEntries(numbers)],
      };
      const s = (statistic: string): number | undefined => {
        const ms = numbers.get(`time_to_first_token.${statistic}`);
        return ms === undefined ? undefined : ms / 1000;
      };
      const stall = stallMark(run, name, { p99: s('p99'), median: s('p50') });
      if (stall !== undefined) yield stall;
    }
  },
};

function identityOf(config: Json): Identity {
  const { model_names: models } = object(config['endpoint']);
  const loadgen = object(config['loadgen']);
  const prompt = object(object(config['input'])['prompt']);
  const meanOf = (key: string): number | undefined => number(object(prompt[key])['mean']);
  return given<Identity>({
    model: Array.isArray(models) ? text(models[0]) : undefined,
    ...{ conc: number(loadgen['concurrency']), rate: number(loadgen['request_rate']) },
    ...{ isl: meanOf('input_tokens'), osl: meanOf('output_tokens') },
  });
}
