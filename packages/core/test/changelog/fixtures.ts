import { gather } from '../../src/config/gather.js';
import type { Dialect } from '../../src/config/model.js';
import { parseYaml } from '../../src/config/yaml/parse.js';
import {
  changelogMatrix,
  type ChangelogRequest,
  type Revision,
} from '../../src/matrix/changelog/changelog.js';
import type { Row } from '../../src/matrix/changelog/row.js';
import type { Run } from '../../src/matrix/changelog/runs.js';

/** A diff that appends lines to a changelog of `before` lines. */
export function appending(text: string, before = 10): string {
  const lines = text.replace(/\n$/, '').split('\n');
  return [
    'diff --git a/log.yaml b/log.yaml',
    '--- a/log.yaml',
    '+++ b/log.yaml',
    `@@ -${before},1 +${before},${lines.length + 1} @@`,
    '   pr-link: https://example.com/pull/1',
    ...lines.map((line) => `+${line}`),
    '',
  ].join('\n');
}

export function entry(keys: readonly string[], ...more: readonly string[]): string {
  return [
    `- config-keys: [${keys.map((key) => JSON.stringify(key)).join(', ')}]`,
    '  description: [faster]',
    '  pr-link: https://example.com/pull/2',
    ...more.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

export function row(more: object = {}): Row {
  return {
    image: 'engine:1',
    model: 'org/model',
    'model-prefix': 'mod',
    precision: 'fp8',
    framework: 'vllm',
    runner: 'h200',
    isl: 1024,
    osl: 1024,
    'spec-decoding': 'none',
    tp: 8,
    ep: 1,
    conc: 4,
    'exp-name': 'mod_1k1k',
    disagg: false,
    ...more,
  } as unknown as Row;
}

const MASTER = `image: 'engine:1', model: org/model, model-prefix: mod, runner: h200, precision: fp8, framework: vllm, multinode: false`;
const FIXED = `[{ isl: 1024, osl: 1024, search-space: [{ tp: 8, conc-list: [4] }] }]`;

export const written = {
  '2026-02': (...keys: string[]) =>
    keys.map((key) => `${key}: { ${MASTER}, seq-len-configs: ${FIXED} }\n`).join(''),
  '2026-08': (...keys: string[]) =>
    keys.map((key) => `${key}: { ${MASTER}, scenarios: { fixed-seq-len: ${FIXED} } }\n`).join(''),
};

/** A revision whose rows name the run that they come from. */
export async function revision(
  text: string,
  dialect: Dialect,
  expand: (run: Run) => readonly Row[] = told,
): Promise<Revision> {
  const { entries, problems } = gather([await parseYaml(text, 'master.yaml')]);
  if (problems[0] !== undefined) throw problems[0];
  return { dialect, expand, entries: new Map(entries.map((located) => [located.key, located.entry])) };
}

const told = ({ keys, scenarios, evals }: Run): readonly Row[] =>
  keys.map((key) => row({ 'exp-name': `${key} ${evals} ${scenarios.join('+')}` }));

export async function sweep(request: Partial<ChangelogRequest> & Pick<ChangelogRequest, 'diff' | 'head'>) {
  return changelogMatrix({
    file: 'log.yaml',
    baseRef: 'base',
    headRef: 'head',
    base: () => Promise.reject(new Error('the base was not needed')),
    ...request,
  });
}

export const names = (rows: readonly Row[] | undefined): readonly string[] =>
  (rows ?? []).map((one) => one['exp-name']);
