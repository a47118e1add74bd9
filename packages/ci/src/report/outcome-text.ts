import { EXIT, z, type CommandContext } from '@sweepline/core';
import { runSweepline } from '../actions/command-line.js';
import type { Collected } from './collected.js';
import { table } from './markdown.js';

type Context = Pick<CommandContext, 'root' | 'signal' | 'terminal'>;

const success = z.array(
  z.object({ sku: z.string().nullish(), state: z.string(), points: z.coerce.number() }),
);
const evals = z.array(
  z.object({
    task: z.string().nullish(),
    sku: z.string().nullish(),
    framework: z.string().nullish(),
    score: z.coerce.number().nullish(),
    n_eff: z.coerce.number().nullish(),
  }),
);

/** How many points of a run have completed, by hardware. Jobs that were lost are counted apart: they have left no hardware. */
export async function successText(context: Context, { name, hasRun, lost }: Collected): Promise<string> {
  const title = '## Success rate';
  const missing = lost.length === 0 ? '' : `\n\n${lost.length} jobs of the matrix have left no result.`;
  if (!hasRun) return `${title}\n\nThere are no results.${missing}`;
  const found = success.parse(
    await answer(
      context,
      `SELECT sku, state, count(*) AS points FROM results WHERE run = '${name}' AND NOT coalesce(is_duplicate, false) GROUP BY ALL`,
    ),
  );
  const skus = [...new Set(found.map(({ sku }) => sku ?? 'unknown'))].sort();
  const rows = skus.map((sku) => {
    const own = found.filter((one) => (one.sku ?? 'unknown') === sku);
    const all = own.reduce((sum, { points }) => sum + points, 0);
    const completed = own.find(({ state }) => state === 'completed')?.points ?? 0;
    return [sku, String(completed), String(all), `${((100 * completed) / all).toFixed(0)} %`];
  });
  return `${title}\n\n${table(['Hardware', 'Completed', 'Points', 'Rate'], rows)}${missing}`;
}

export async function evalsText(context: Context, { name, hasRun }: Collected): Promise<string> {
  const found = !hasRun
    ? []
    : evals.parse(
        await answer(
          context,
          `SELECT task, sku, framework, coalesce(em_strict, score) AS score, n_eff FROM evals WHERE run = '${name}' ORDER BY ALL`,
        ),
      );
  if (found.length === 0) return '## Evals\n\nThis run has no scores.';
  const rows = found.map(({ task, sku, framework, score, n_eff: samples }) => [
    ...[task ?? '', sku ?? '', framework ?? ''],
    score === null || score === undefined ? 'missing' : score.toFixed(4),
    samples === null || samples === undefined ? 'missing' : String(samples),
  ]);
  return `## Evals\n\n${table(['Task', 'Hardware', 'Framework', 'Score', 'Samples'], rows)}`;
}

async function answer(context: Context, sql: string): Promise<unknown> {
  const { exitCode, stdout } = await runSweepline(context, ['query', '--format', 'json', sql]);
  if (exitCode !== EXIT.ok) throw new Error(`sweepline query ended with exit code ${exitCode}`);
  return JSON.parse(stdout);
}
