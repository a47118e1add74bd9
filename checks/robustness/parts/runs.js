// @ts-check
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, defectOf } from '../cli.js';
import { copyOfRun } from '../workspace.js';

/** @param {string} run */
const pointOf = (run) => join(run, 'points', readdirSync(join(run, 'points')).sort()[0] ?? '');

/** Ways to damage a finished run's folder. @type {Readonly<Record<string, (run: string) => void>>} */
const DAMAGES = {
  'an empty folder among the points': (run) => mkdirSync(join(run, 'points', 'empty')),
  'a file among the points': (run) => writeFileSync(join(run, 'points', 'README.md'), 'hello\n'),
  'a result cut off': (run) => truncateSync(join(pointOf(run), 'result.json'), 100),
  'an empty result': (run) => truncateSync(join(pointOf(run), 'result.json'), 0),
  'a result of something else': (run) => writeFileSync(join(pointOf(run), 'result.json'), '[1, 2]'),
  'a result missing': (run) => rmSync(join(pointOf(run), 'result.json')),
  'a copy of a point': (run) => cpSync(pointOf(run), `${pointOf(run)}~`, { recursive: true }),
  'no points': (run) => rmSync(join(run, 'points'), { recursive: true }),
  'points is a file': (run) => {
    rmSync(join(run, 'points'), { recursive: true });
    writeFileSync(join(run, 'points'), '');
  },
  'no run.json': (run) => rmSync(join(run, 'run.json')),
  'run.json cut off': (run) => truncateSync(join(run, 'run.json'), 50),
  'a point that links to itself': (run) => symlinkSync('loop', join(run, 'points', 'loop')),
  'no records': (run) => rmSync(join(pointOf(run), 'records.jsonl')),
};

/** @type {import('../cases.js').Part} */
export const runs = {
  name: 'runs',
  title: 'damaged runs, by report',
  claim: 'no defect: reported with what is left, or refused with the place',
  cases: (context) =>
    Object.entries(DAMAGES).map(([name, damage]) => ({
      name,
      async run() {
        const run = await copyOfRun(context, name);
        damage(run);
        for (const format of ['markdown', 'csv', 'json']) {
          const problem = defectOf(await cli(['report', run, '--format', format], { cwd: context.folder }));
          if (problem !== undefined) return `--format ${format}: ${problem}`;
        }
        return undefined;
      },
    })),
};
