import { onOneLine } from '@sweepline/core';
import { DISCLAIMER } from '../site/disclaimer.js';
import type { SiteIndex, SiteMetric } from '../site/site-data.js';
import { SITE_FILES } from './site-schemas.js';

/** What is where, for programs that read text: https://llmstxt.org. */
export function llmsText({ title, builtAt, sweepline, points, runs, metrics, files }: SiteIndex): string {
  const isThere = (name: string): boolean => /\/|^index$/.test(name) || files.includes(name);
  const tables = Object.entries(SITE_FILES).filter(([name]) => isThere(name));
  return `${[
    `# ${plain(title)}`,
    `> ${DISCLAIMER}`,
    `${points} points of ${runs.length} runs: results of LLM inference benchmarks. Built ${builtAt} by Sweepline ${sweepline}.`,
    '## Files',
    [
      '- [data/points.csv](data/points.csv), [data/points.parquet](data/points.parquet): a row per point, with all of its numbers',
      '- [data/schema.json](data/schema.json): JSON Schema of the JSON files',
      ...tables.map(([name, { what, columns }]) => {
        const of = columns.length > 0 ? `; columns: ${columns.join(', ')}` : '';
        return `- data/${name}.json: ${what}${of}`;
      }),
    ].join('\n'),
    'JSON tables have a column each; texts are indices into `names`. Missing is null, or an empty cell of the CSV file: never 0.',
    'Numbers of different `origin` have different definitions: do not compare them only because their names are alike. Compare only points with `is_valid`.',
    '## Metrics',
    metrics.map(metricLine).join('\n'),
  ].join('\n\n')}\n`;
}

function metricLine({ key, label, unit, better, definition }: SiteMetric): string {
  const what = [unit === '' ? 'no unit known' : unit, better === 'neither' ? '' : `${better} is better`];
  return `- \`${plain(key)}\` (${what
    .filter((part) => part !== '')
    .map(plain)
    .join('; ')}): ${plain(label)}. ${plain(definition)}`;
}

/** A stranger's text as part of a line. */
function plain(text: string): string {
  return onOneLine(text).replaceAll('`', "'");
}
