// @ts-check
/**
 * Attacks Sweepline with hostile servers, files, names, options and failures, and counts what it survives.
 *
 * node checks/robustness/run.js [--folder DIR] [--only PART]... [--document docs/reliability.md]
 *
 * The findings are kept in DIR, one file per part; the next call continues where the previous one ended. Exits with 1 if any case failed.
 * It runs the code in dist, so build first.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { circumstances, replaceBlock } from '../document.js';
import { runPart } from './cases.js';
import { chaos } from './parts/chaos.js';
import { memory } from './parts/memory.js';
import { names } from './parts/names.js';
import { options } from './parts/options.js';
import { records } from './parts/records.js';
import { runs } from './parts/runs.js';
import { servers } from './parts/servers.js';
import { strings } from './parts/strings.js';
import { yaml } from './parts/yaml.js';

/** In the order of the table. */
const PARTS = [servers, yaml, names, options, records, runs, strings, chaos, memory];

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'sweepline-robustness') },
    document: { type: 'string' },
    only: { type: 'string', multiple: true, default: PARTS.map(({ name }) => name) },
  },
});
const folder = resolve(values.folder);
mkdirSync(folder, { recursive: true });
let stopped = false;
process.on('SIGINT', () => (stopped = true)).on('SIGTERM', () => (stopped = true));

const rows = [];
for (const part of PARTS.filter(({ name }) => values.only.includes(name))) {
  const tried = await runPart(part, folder, () => stopped);
  rows.push({ part, tried, problems: tried.filter(({ problem }) => problem !== null) });
}
const table = [
  '| what | tried | survived | what that means |',
  '| --- | --- | --- | --- |',
  ...rows.map(
    ({ part, tried, problems }) =>
      `| ${part.title} | ${tried.length} | ${tried.length - problems.length} | ${part.claim} |`,
  ),
];
const problems = rows.flatMap(({ part, problems }) =>
  problems.map(({ name, problem }) => `- ${part.name}, ${name}: ${problem}`),
);
const text = [...table, '', ...problems, ''].join('\n');
writeFileSync(join(folder, 'robustness.md'), text);
writeFileSync(
  join(folder, 'robustness.json'),
  `${JSON.stringify(
    rows.map(({ part, tried }) => ({ ...part, tried })),
    undefined,
    2,
  )}\n`,
);
console.log(`\n${text}`);
if (values.document !== undefined) {
  await replaceBlock(values.document, 'robustness', `${circumstances()}\n\n${text}`);
}
process.exitCode = problems.length === 0 && !stopped ? 0 : 1;
