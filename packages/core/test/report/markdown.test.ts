import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DISCLAIMER, renderReport } from '../../src/report/index.js';
import type { Result, Row } from '../../src/results/schema.js';
import { completed, failure, run } from './results.js';
import { describeRecorded, recordings } from '../recordings.js';

const ROOT = recordings('results');

const render = (results: readonly Result[]) => renderReport('markdown', { run, results });
const headingsAndTables = (markdown: string) => markdown.split('\n').filter((line) => /^(## |\|)/.test(line));

function rowsIn(folder: string): Row[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Row);
}

describeRecorded(ROOT, 'tables as InferenceX summarizes', () => {
  it.each(['single-only', 'multi-only', 'one-row-ints', 'pipes-unicode', 'empty'])('%s', (name) => {
    // A name with a pipe stays in its cell here; the original's output gets one more cell.
    const asOriginal = (line: string) => line.replace('\\|x ', '|x  ');
    const results = rowsIn(join(ROOT, 'inputs/summarize', name, 'in')).map((row) => ({
      ...completed(),
      row,
    }));
    const golden = readFileSync(join(ROOT, `golden/summarize/seed.summarize.${name}.md`), 'utf8');
    expect(headingsAndTables(render(results)).map(asOriginal)).toEqual(headingsAndTables(golden));
  });
});

it('leaves a missing number blank', () => {
  const markdown = render([completed({ median_tpot: undefined, median_intvty: undefined })]);
  expect(markdown).toMatch(/\| +480\.125 \| {2,}\| {2,}\| +11\.8003 \|/);
});

it('keeps invalid results apart and says why', () => {
  const mark = { code: 'slow-client', severity: 'invalid', message: 'could not\nkeep <up>' } as const;
  const markdown = render([completed({ conc: 8 }), completed({ conc: 16 }, [mark])]);
  const [valid, invalid] = markdown.split('## Invalid: Single-Node Results');
  expect(valid).toMatch(/\| +8 \| +480/);
  expect(valid).not.toMatch(/\| +16 \| +480/);
  expect(invalid).toMatch(/\| +16 \| +480/);
  expect(invalid).toContain('- h200-conc16: INVALID, slow-client: could not keep \\<up\\>');
});

it('lists what failed, and says that it is unofficial', () => {
  const markdown = render([failure({ code: 'SERVER_DIED', message: 'exit code 1' })]);
  expect(markdown).toContain('- h200-conc512: SERVER_DIED: exit code 1');
  expect(markdown).toContain(DISCLAIMER);
});
