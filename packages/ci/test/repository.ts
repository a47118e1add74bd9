import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../src/actions/environment.js';

/** A user's repository, and what GitHub's runner gives a step in it. */
export interface TestRepository extends Disposable {
  readonly root: string;
  git(...args: readonly string[]): string;
  write(path: string, content: string): void;
  commit(message: string): string;
  /** The environment of a step. */
  step(event: string, payload: object, more?: Environment): Environment;
  /** Outputs of the last step, as GitHub reads them. */
  outputs(): Readonly<Record<string, string>>;
  summary(): string;
}

export function makeRepository(): TestRepository {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-ci-'));
  const root = join(folder, 'workspace');
  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgSign=false', ...args],
      {
        ...{ cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      },
    ).trim();
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  mkdirSync(root);
  git('init', '--quiet', '--initial-branch', 'main');
  return {
    ...{ root, git, write },
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    step(event, payload, more = {}) {
      for (const name of ['output', 'summary']) writeFileSync(join(folder, name), '');
      const about = { repository: { full_name: 'acme/sweeps', default_branch: 'main' } };
      writeFileSync(join(folder, 'event.json'), JSON.stringify({ ...about, ...payload }));
      return {
        ...{ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: join(folder, 'event.json'), GITHUB_RUN_ID: '7' },
        ...{ GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') },
        ...{ GITHUB_REPOSITORY: 'acme/sweeps', GITHUB_TOKEN: 'secret-token', ...more },
      };
    },
    outputs() {
      const lines = readFileSync(join(folder, 'output'), 'utf8').split('\n');
      const found: Record<string, string> = {};
      for (let at = 0; at < lines.length; at += 1) {
        const [, name, end] = /^([\w-]+)<<(.+)$/.exec(lines[at] ?? '') ?? [];
        if (name === undefined || end === undefined) continue;
        const last = lines.indexOf(end, at);
        found[name] = lines.slice(at + 1, last).join('\n');
        at = last;
      }
      return found;
    },
    summary: () => readFileSync(join(folder, 'summary'), 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

export function configOf(...keys: readonly string[]): string {
  return keys
    .map(
      (key) => `${key}:
  image: 'engine:1'
  model: org/model
  model-prefix: ${key.split('-')[0] ?? ''}
  runner: h200
  precision: fp8
  framework: vllm
  multinode: false
  seq-len-configs:
    - { isl: 1024, osl: 1024, search-space: [{ tp: 8, conc-list: [4, 8] }] }
`,
    )
    .join('');
}

export function entryOf(key: string, description = 'faster'): string {
  return `- config-keys: ["${key}"]\n  description: [${JSON.stringify(description)}]\n  pr-link: https://example.com/pull/2\n`;
}
