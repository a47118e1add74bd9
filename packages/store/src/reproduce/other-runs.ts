import type { CommandContext } from '@sweepline/core';
import { openIndex } from '../commands/open-index.js';
import { ask } from '../index/ask.js';
import { resultRows } from '../index/result-rows.js';
import { columnsOf } from '../index/table-writer.js';
import { quoted } from '../index/sql-tables.js';
import { COMPARED } from './agreement.js';
import type { Values } from './noise.js';
import type { RunAgain } from './run-point.js';

/**
 * Values of other runs of the workspace that measured the same series on the same node, with the same image and version of the engine: one
 * of each run.
 * @param except runs that are compared, at least one
 */
export async function otherRuns(
  context: CommandContext,
  { result }: RunAgain,
  except: readonly string[],
): Promise<Values> {
  const [row] = resultRows('', '', { ...result });
  if (row?.table !== 'result_rows') return {};
  const { series, engine_version: engine, node, image_digest: digest } = row.cells;
  using index = await openIndex(context);
  const columns = await columnsOf(index.connection, 'results');
  const metrics = COMPARED.filter((metric) => columns.includes(metric));
  if (metrics.length === 0) return {};
  const { rows } = await ask(
    index.connection,
    `SELECT ${metrics.map((metric) => `median(${quoted(metric)})`).join(', ')} FROM results
     WHERE is_valid AND NOT is_duplicate AND series = ? AND run NOT IN (${except.map(() => '?').join(', ')}) AND image IS NOT DISTINCT FROM ?
       AND engine_version IS NOT DISTINCT FROM ? AND node IS NOT DISTINCT FROM ? AND image_digest IS NOT DISTINCT FROM ?
     GROUP BY run`,
    [series ?? '', ...except, ...[row.identity?.image, engine, node, digest].map((value) => value ?? null)],
    context.signal,
  );
  return Object.fromEntries(
    metrics.map((metric, column) => [
      metric,
      rows.flatMap((values) => (typeof values[column] === 'number' ? [values[column]] : [])),
    ]),
  );
}
