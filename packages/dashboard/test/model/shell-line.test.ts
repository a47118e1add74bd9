import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { reproduceLines } from '../../src/model/reproduce-line.js';
import { shellLine, shellLineWithEnv } from '../../src/model/shell-line.js';

const HOSTILE = [
  "it's",
  '$(echo x)',
  '`id`',
  'a b',
  '',
  '"',
  '\\',
  '*',
  '~',
  '{"a": "it\'s"}',
  'line\nline',
  '-n',
  'A=b',
];

function readBy(line: string): readonly string[] {
  const out = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

it('writes arguments that a shell reads back as they were', () => {
  expect(readBy(shellLine(['printf', '%s\\0', ...HOSTILE]))).toEqual(HOSTILE);
});

it('writes the environment before them, but no masked value and no name that a shell would run', () => {
  const line = shellLineWithEnv(['sh', '-c', 'printf "%s\\0" "$KEPT" "$TOKEN"'], {
    KEPT: "it's $HOME",
    TOKEN: '***',
    'a;exit 1': 'x',
  });
  expect(readBy(line)).toEqual(["it's $HOME", '']);
});

it('writes the file that a command names before it', () => {
  const detail = {
    ...{ row: 0, metrics: {}, marks: [], intervals: {}, logs: [], hasRequests: false, hasSamples: false },
    job: { model: "it's", note: '100 % \\n' },
    reproduce: ['cat', 'job.json'],
  };
  const lines = reproduceLines(detail) ?? [];
  const written = (lines[0] ?? '').replace(' > job.json', '');
  expect(JSON.parse(execFileSync('sh', ['-c', written], { encoding: 'utf8' }))).toEqual([detail.job]);
  expect(lines[1]).toBe('cat job.json');
  const { reproduce: _, ...without } = detail;
  expect(reproduceLines(without)).toBeUndefined();
});
