import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SITE_FILES } from '../src/build/site-schemas.js';
import dashboard from '../src/index.js';
import type { SiteIndex } from '../src/site/site-data.js';
import { makeSiteWorkspace } from './built-site.js';
import { hostileRun, SKU, writeReport } from './one-run.js';

test('report.html is the site with one run in it, in one file whose policy allows its own program alone', async () => {
  await using workspace = await makeSiteWorkspace();
  await workspace.writeRun('one', hostileRun());
  await workspace.writeRun('other', hostileRun());
  const page = await writeReport(join(workspace.root, 'results', 'one'), workspace.root);
  expect(await workspace.run('build', 'site', '--run', 'one')).toMatchObject({ exitCode: 0 });

  const text = await readFile(page, 'utf8');
  const scripts = [...text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
  const data = new Map(
    scripts.flatMap(([, attributes = '', content = '']) => {
      const name = /data-name="([^"]*)"/.exec(attributes)?.[1];
      return name === undefined ? [] : [[name, JSON.parse(content) as unknown] as const];
    }),
  );
  const programs = scripts.filter(([, attributes]) => !attributes?.includes('application/json'));
  expect(programs).toHaveLength(1);
  const digest = createHash('sha256')
    .update(programs[0]?.[2] ?? '')
    .digest('base64');
  expect(text).toContain(`script-src 'sha256-${digest}'`);
  expect(Buffer.byteLength(text)).toBeLessThan(1.5e6);

  const index = data.get('index') as SiteIndex;
  SITE_FILES.index.schema.parse(index);
  expect(index).toMatchObject({ title: 'Sweepline run one', runs: [{ run: 'one', points: 3 }] });
  expect(index.hardware).toMatchObject([{ sku: SKU.name, devicesPerNode: 8 }]);
  for (const name of ['points', 'details/0', ...index.metrics.map(({ file }) => file)])
    expect(data.get(name), name).toEqual(JSON.parse(await workspace.read(`site/data/${name}.json`)));
});

test('the plugin of the package is one file, which loads nothing until it is written', () => {
  expect(dashboard).toMatchObject([{ kind: 'report', name: 'html', file: 'report.html' }]);
});
