import nx from '@nx/eslint-plugin';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** Folders of core, and the ones each may import from: data flows from stage to stage, never back. */
const ARROWS = {
  // Leaves: they know nothing of what Sweepline does with them.
  tokenizer: [],
  watch: [],
  load: ['tokenizer', 'watch'],
  plugin: ['config', 'matrix', 'load', 'watch'],
  // A check counts the devices of a search space as everybody does.
  'config/checks': ['config', 'matrix'],
  config: ['config/checks', 'load'],
  matrix: ['config', 'load'],
  plan: ['config', 'matrix', 'load', 'plugin', 'watch'],
  launch: ['plan', 'plugin'],
  metrics: ['load', 'plugin'],
  measure: ['config', 'matrix', 'plan', 'plugin', 'launch', 'load', 'metrics'],
  results: ['config', 'matrix', 'load', 'metrics', 'plan', 'plugin', 'launch', 'measure'],
  report: ['config', 'metrics', 'plugin', 'results'],
  schedule: ['load', 'matrix', 'metrics', 'plan', 'plugin', 'results'],
  rehearse: ['matrix', 'plan', 'plugin', 'testing'],
  bench: ['load', 'metrics', 'results', 'report'],
  selftest: ['load', 'metrics', 'measure', 'plugin'],
  install: ['config', 'plugin', 'results'],
  doctor: ['config', 'install', 'launch', 'load', 'plan', 'plugin', 'tokenizer'],
  testing: [
    'config',
    'matrix',
    'plan',
    'plugin',
    'launch',
    'load',
    'metrics',
    'results',
    'selftest',
    'watch',
  ],
  cli: [
    'config',
    'config/checks',
    'matrix',
    'plan',
    'plugin',
    'watch',
    'launch',
    'load',
    'measure',
    'metrics',
    'results',
    'report',
    'selftest',
    'tokenizer',
    'bench',
    'install',
    'doctor',
    'rehearse',
    'schedule',
  ],
};
/** Files beside the folders: what all may use, what only the CLI may, and the way out. */
const ROOT_FILES = {
  shared: [
    ...['errors', 'logger', 'secrets', 'printable', 'file-problem', 'make-folder', 'home-folder'],
    ...['claim-stdout', 'text-table', 'style', 'shortened', 'system-limits'],
    // Plain data that plugins are given, too.
    'results/schema',
    'results/run-schema',
  ],
  sweep: [
    'end-left',
    'rehearse',
    'status-file',
    'sweep',
    'sweep-state',
    'node-choice',
    'sweep-session',
    'sweep-delegate',
    'session-queue',
    'point-saver',
    'skip-points',
    'run-part',
    'joined-run',
    'join-runs',
  ],
  public: ['index'],
};
const ALL_STAGES = Object.keys(ARROWS).filter((type) => type !== 'cli');

const CORE = 'packages/core/src';

/** Files of core that may touch the process, its streams and the file system. */
const OUTSIDE_WORLD = [
  'cli/**',
  'launch/**',
  'testing/**',
  'config/load.ts',
  'config/plugin-names.ts',
  'plugin/discovery.ts',
  'plugin/declared-commands.ts',
  'watch/limits.ts',
  'make-folder.ts',
  'claim-stdout.ts',
  'results/close-run.ts',
  'load/load-client.ts',
  'load/load-process.ts',
  'load/run/rehearsal.ts',
  'load/workloads/files.ts',
  'load/workloads/hf-files.ts',
  'load/spec/carried-files.ts',
  'load/client/codecs/self-contained.ts',
  'load/records/records-file.ts',
  'load/health/clock.ts',
  'load/health/thread-usage.ts',
  'load/health/machine/**',
  'load/health/this-process.ts',
  'load/prompts/cache.ts',
  'tokenizer/files.ts',
  'tokenizer/hugging-face-cache.ts',
  'measure/**',
  'selftest/**',
  'bench/**',
  'install/**',
  'doctor/**',
  'rehearse.ts',
  'rehearse/**',
  'run-part.ts',
  'joined-run.ts',
  'schedule/lock.ts',
  'schedule/journal.ts',
  'schedule/left-sessions.ts',
  'schedule/standing.ts',
  'schedule/past-results.ts',
  'results/store.ts',
  'results/adopt-point.ts',
  'results/session-files.ts',
  'results/write.ts',
  'results/server-log.ts',
  'results/read-run.ts',
  'results/read-points.ts',
  'results/stored-json.ts',
  'results/point-files.ts',
  'results/result-lines.ts',
  'results/is-there.ts',
  'results/mend-run.ts',
  'results/skipped-points.ts',
  'results/artifacts.ts',
  'results/owner.ts',
].map((path) => `${CORE}/${path}`);

const noOutsideWorld = {
  'no-console': 'error',
  'no-restricted-globals': ['error', 'process', 'console'],
  'no-restricted-imports': [
    'error',
    {
      paths: [
        'node:process',
        'node:child_process',
        'node:fs',
        'node:fs/promises',
        'execa',
        'tsyringe',
        'reflect-metadata',
      ],
    },
  ],
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'results/**', '**/test/fixtures/**/*.js'] },
  {
    files: ['packages/*/{src,test,app}/**/*.{ts,tsx}', 'packages/create-sweepline-plugin/templates/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_$', argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      '@typescript-eslint/no-empty-function': 'off',
      // Indexing within bounds, in numeric code.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 80 }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: [
            { sourceTag: 'type:core', onlyDependOnLibsWithTags: [] },
            { sourceTag: 'type:plugin', onlyDependOnLibsWithTags: ['type:core'] },
            // A site is made of what the store knows.
            { sourceTag: 'type:site', onlyDependOnLibsWithTags: ['type:core', 'type:plugin'] },
            // Templates are made of what plugins use.
            {
              sourceTag: 'type:scaffold',
              onlyDependOnLibsWithTags: ['type:core', 'type:plugin', 'type:scaffold'],
            },
            {
              sourceTag: 'type:conformance',
              onlyDependOnLibsWithTags: ['type:core', 'type:plugin', 'type:scaffold'],
            },
          ],
        },
      ],
    },
  },
  {
    files: [`${CORE}/**/*.ts`],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/elements': Object.keys(ARROWS).map((type) => ({ type, pattern: `${CORE}/${type}` })),
      'boundaries/files': Object.entries(ROOT_FILES).map(([category, names]) => ({
        category,
        pattern: names.map((name) => `${CORE}/${name}.ts`),
      })),
      'import/resolver': { typescript: { project: `${CORE}/../tsconfig.lib.json` } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
            { allow: { to: { file: { categories: 'shared' } } } },
            {
              from: { file: { categories: { anyOf: ['sweep', 'public'] } } },
              allow: { to: { element: { types: { anyOf: ALL_STAGES } } } },
            },
            {
              from: { file: { categories: { anyOf: ['sweep', 'public'] } } },
              allow: { to: { file: { categories: 'sweep' } } },
            },
            { from: { element: { type: 'cli' } }, allow: { to: { file: { categories: 'sweep' } } } },
            ...Object.entries(ARROWS).map(([type, targets]) => ({
              from: { element: { type } },
              allow: { to: { element: { types: { anyOf: [type, ...targets] } } } },
            })),
          ],
        },
      ],
      'boundaries/no-unknown-files': 'error',
    },
  },
  { files: [`${CORE}/**/*.ts`], ignores: OUTSIDE_WORLD, rules: noOutsideWorld },
  {
    // tsyringe is known to the composition root alone.
    files: [`${CORE}/**/*.ts`],
    ignores: [`${CORE}/cli/container.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: ['tsyringe', 'reflect-metadata'] }],
    },
  },
  {
    files: ['packages/*/test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
    },
  },
  {
    // Node's own test runner waits for its suites by itself.
    files: ['packages/create-sweepline-plugin/templates/*/test/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
);
