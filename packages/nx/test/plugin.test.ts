import { readFileSync } from 'node:fs';
import { readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { KIND_NAMES, namesOf, pluginFiles } from 'create-sweepline-plugin';
import { expect, test } from 'vitest';
import pluginGenerator from '../dist/plugin.js';

const skipInstall = true;

test.each(KIND_NAMES)('makes the files that npm create makes: %s', (kind) => {
  const tree = createTreeWithEmptyWorkspace();
  pluginGenerator(tree, { package: '@acme/sweepline-x1', kind, skipInstall });
  const files = pluginFiles(kind, namesOf('@acme/sweepline-x1'));
  for (const { path } of files) expect(tree.exists(`packages/sweepline-x1/${path}`), path).toBe(true);
  expect(tree.read('packages/sweepline-x1/src/index.ts', 'utf8')).toContain("'x1'");
});

test('makes the folder one of the workspaces, once', () => {
  const tree = createTreeWithEmptyWorkspace();
  pluginGenerator(tree, { package: 'one', kind: 'metric', directory: 'libs/one', skipInstall });
  tree.write('package.json', JSON.stringify({ ...readJson(tree, 'package.json'), workspaces: ['libs/*'] }));
  pluginGenerator(tree, { package: 'two', kind: 'metric', directory: 'libs/two', skipInstall });
  expect(readJson(tree, 'package.json')).toMatchObject({ workspaces: ['libs/*'] });
  pluginGenerator(tree, { package: 'three', kind: 'metric', directory: 'tools/three', skipInstall });
  expect(readJson(tree, 'package.json')).toMatchObject({ workspaces: ['libs/*', 'tools/three'] });
});

test('overwrites nothing', () => {
  const tree = createTreeWithEmptyWorkspace();
  tree.write('packages/one/index.js', 'mine');
  const again = (): unknown => pluginGenerator(tree, { package: 'one', kind: 'metric', skipInstall });
  expect(again).toThrow('packages/one is not empty');
  expect(tree.children('packages/one')).toEqual(['index.js']);
});

test('stays in the workspace', () => {
  const outside = { package: 'one', kind: 'metric', directory: '../out', skipInstall };
  expect(() => pluginGenerator(createTreeWithEmptyWorkspace(), outside)).toThrow('is not in this workspace');
});

test('its schema has the kinds that there are', () => {
  const schema = JSON.parse(readFileSync(new URL('../schemas/plugin.json', import.meta.url), 'utf8')) as {
    readonly properties: { readonly kind: { readonly enum: readonly string[] } };
  };
  expect(schema.properties.kind.enum).toEqual(KIND_NAMES);
});
