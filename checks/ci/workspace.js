// @ts-check
/** A user's repository: configs for a mock engine, a changelog, rules, and the workflows of `sweepline ci init`. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../..');
/** Prefixes of models, and hardware, that InferenceX's dashboard knows: else there would be nothing for it. */
const CONFIGS = ['dsr1-fp8-h200-mock', 'gptoss120b-fp8-h200-mock'];

/** Limits of the client with which no busy machine makes a result invalid: it is the workflow that is rehearsed. */
const LIMITS =
  '{ lag-floor-ms: 10000, mean-lag-floor-ms: 10000, cpu-share: 1, late-timer-share: 1, frozen-share: 1, ' +
  'throttled-share: 1, server-lost-share: 1, major-faults-per-s: 100000 }';

const FILES = {
  '.gitignore': 'node_modules\nresults\n',
  'package.json': '{ "private": true }\n',
  'package-lock.json': '{}\n',
  'configs/sweepline.yaml': `plugins: ['@sweepline-check/mock', '@sweepline/store', '@sweepline/dashboard', '@sweepline/ci']
default-configs: [configs/mock.yaml]
client: { limits: ${LIMITS} }
`,
  'configs/ci.yaml': 'minutes-per-point: 1\nrunners: { h200: 2 }\n',
  'configs/mock.yaml': CONFIGS.map(entryOf).join(''),
  'gate.yaml': `rules:
  - { rule: completeness, reason: a point without a result hides what broke it }
  - { rule: failed-requests, reason: a server that drops requests looks faster than it is }
  - { rule: regression, metrics: [median_intvty=5%], unsure: passes, reason: a slower image is not rolled out }
`,
  'perf-changelog.yaml': changelogEntry('*-mock', 'the first images'),
};

/** @param {string} key */
function entryOf(key) {
  return `${key}:
  image: mock:v1
  model: fake-model
  model-prefix: ${key.split('-')[0]}
  runner: h200
  precision: fp8
  framework: mock
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 8, search-space: [{ tp: 1, conc-list: [1, 2, 4] }] }
`;
}

/** @param {string} keys @param {string} description */
function changelogEntry(keys, description) {
  return `- config-keys: ["${keys}"]\n  description: [${JSON.stringify(description)}]\n  pr-link: https://github.com/acme/sweeps/pull/1\n`;
}

/** @param {string} folder a new one */
export function makeRepository(folder) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync(
      'git',
      ['-c', 'user.name=check', '-c', 'user.email=check@example.com', '-c', 'commit.gpgSign=false', ...args],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    ).trim();
  const write = (/** @type {string} */ path, /** @type {string} */ content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  mkdirSync(folder, { recursive: true });
  git('init', '--quiet', '--initial-branch', 'main');
  for (const [path, content] of Object.entries(FILES)) write(path, content);
  const packages = {
    '@sweepline/core': join(REPOSITORY, 'packages/core'),
    '@sweepline/store': join(REPOSITORY, 'packages/store'),
    '@sweepline/dashboard': join(REPOSITORY, 'packages/dashboard'),
    '@sweepline/ci': join(REPOSITORY, 'packages/ci'),
    '@sweepline-check/mock': join(import.meta.dirname, 'plugin'),
  };
  for (const [name, target] of Object.entries(packages)) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(target, join(folder, 'node_modules', name));
  }
  execFileSync(process.execPath, [join(REPOSITORY, 'packages/core/bin/sweepline.js'), 'ci', 'init'], {
    cwd: folder,
  });
  const commit = (/** @type {string} */ message) => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  commit('configs, workflows');
  return {
    git,
    write,
    commit,
    head: () => git('rev-parse', 'HEAD'),
    /** Another image of a config, in a branch of its own, as a pull request proposes it. @param {string} branch @param {string} key @param {string} tag */
    propose(branch, key, tag) {
      git('checkout', '--quiet', '-b', branch, 'main');
      return this.add(branch, key, tag);
    },
    /** The same in a branch that is there. @param {string} branch @param {string} key @param {string} tag */
    add(branch, key, tag) {
      git('checkout', '--quiet', branch);
      const file = join(folder, 'configs/mock.yaml');
      const entries = readFileSync(file, 'utf8').split(/^(?=\S)/m);
      const changed = entries.map((one) =>
        one.startsWith(`${key}:`) ? one.replace(/mock:\w+/, `mock:${tag}`) : one,
      );
      write('configs/mock.yaml', changed.join(''));
      appendFileSync(join(folder, 'perf-changelog.yaml'), changelogEntry(key, `image ${tag}`));
      return commit(`${key}: image ${tag}`);
    },
  };
}
