// @ts-check
/** Runs the checker on documents with one mistake each, and on a correct one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showsOutput } from './output.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUN = fileURLToPath(new URL('run.js', import.meta.url));

const ENTRY = `mine:
  image: host
  model: m
  model-prefix: mine
  runner: cpu
  precision: int4
  framework: llamacpp
  multinode: false
  seq-len-configs:
    - { isl: 64, osl: 32, search-space: [{ tp: 1, conc-list: [1, 2] }] }`;

/** @param {string} language @param {string} text */
const block = (language, text) => `\`\`\`${language}\n${text}\n\`\`\`\n`;

/** Mistakes, and the expected problems. @type {Readonly<Record<string, readonly [document: string, problem: RegExp]>>} */
const MISTAKES = {
  'a link to a file that is not there': [
    '[x](nowhere.md)',
    /:1: link to nowhere\.md: there is no docs\/nowhere\.md/,
  ],
  'a link to a heading that is not there': ['# A\n\n[x](#b)', /:3: link to #b: .* has no heading #b/],
  'a link to a heading of another document': ['[x](good.md#c)', /docs\/good\.md has no heading #c/],
  'an unknown option': [
    block('bash skip=x', 'echo\nnpx sweepline matrix \\\n  --maxconc 4'),
    /:3: .*unknown option '--maxconc'/,
  ],
  'an unknown command': [block('bash skip=x', 'npx sweepline swep'), /unknown command 'swep'/],
  'a wrong value': [block('bash skip=x', 'sweepline plan --format xml'), /argument 'xml' is invalid/],
  'an unknown option in a sentence': ['Use `sweepline plan --nodes x`.', /there is no --nodes/],
  'a script that is not there': [block('bash skip=x', 'npm run docs:chek'), /there is no script docs:chek/],
  'another exit code': [block('bash', 'npx sweepline validate nowhere.yaml'), /exit code 3, not 0/],
  'another output': [
    block('bash', 'echo one 1') + block('text output', 'one 2'),
    /:5: the command prints something else:\none 1/,
  ],
  'output of a command that is not run': [
    block('bash', 'true') + block('bash skip=x', 'true') + block('text output', ''),
    /no command precedes/,
  ],
  'a command that fails within a pipe': [block('bash', 'false | cat'), /exit code 1, not 0/],
  'a config with a wrong key': [
    block('yaml file=a.yaml', ENTRY.replace('precision', 'precission')),
    /unknown field "precission"/,
  ],
  'a part of a config with a wrong key': [
    block('yaml of=sweepline.yaml', 'plugin: []'),
    /unknown field "plugin"/,
  ],
  'YAML that is not said to be anything': [block('yaml', 'a: 1'), /state what this is/],
  'a language that nothing checks': [block('shell', 'sweepline swep'), /nothing checks shell/],
  'a word that means nothing': [block('text ouput', 'x'), /"ouput" has no meaning/],
  'a command that installs packages': [block('bash exit=1', 'false\nnpm install left-pad'), /write skip/],
  'a reason that is missing': [block('bash skip', 'true'), /state why it is skipped/],
  'commands without a language': [block('', 'npx sweepline swep'), /write bash/],
  'a picture that is not there': ['<img src="nowhere.svg">', /there is no docs\/nowhere\.svg/],
  'a command that leaves another one': [block('bash exit=1', 'sleep 1000 &'), /exit code 0, not 1/],
  'JSON that does not parse': [block('json', '{ "a": }'), /:2: json: /],
  'TypeScript of another type': [
    block(
      'ts',
      "import type { MetricPlugin } from '@sweepline/core';\n\nexport const x: MetricPlugin = { kind: 'metrik' };",
    ),
    /:4: Type '"metrik"' is not assignable/,
  ],
};

const GOOD = `# Good

[itself](#good), \`sweepline plan --node x\`

${block('yaml file=configs/mine.yaml', ENTRY)}
${block('bash', 'npx sweepline matrix configs/mine.yaml --format ndjson | wc -l')}
${block('text output', '2')}
${block('bash exit=3', 'npx sweepline validate nowhere.yaml')}
${block('text output=stderr numbers=vary', '…\n9 files, 9 entries: 9 error')}
${block('bash background', `npx sweepline golden-server '{"ttftMs": 1}' --port 8000`)}
${block('bash', 'curl --silent --fail http://127.0.0.1:8000/health > /dev/null')}
`;

/** @type {string} */
let root;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'docs-check-test-'));
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  mkdirSync(join(root, 'configs'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  symlinkSync(join(ROOT, 'packages'), join(root, 'packages'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  for (const [index, [document]] of Object.values(MISTAKES).entries()) write(`docs/${index}.md`, document);
  write('docs/good.md', GOOD);
});
afterAll(() => rmSync(root, { recursive: true }));

it('finds each mistake, at its place, and nothing else', () => {
  const { stdout, status } = spawnSync(process.execPath, [RUN, '--root', root], { encoding: 'utf8' });
  for (const [index, [name, [, problem]]] of Object.entries(MISTAKES).entries()) {
    const found = stdout.split(new RegExp(`^docs/${index}\\.md(?=:)`, 'm')).slice(1);
    expect(found, name).toHaveLength(1);
    expect(found[0], name).toMatch(problem);
  }
  expect(stdout).not.toContain('docs/good.md:');
  expect(stdout).toMatch(new RegExp(`${Object.keys(MISTAKES).length} problems`));
  expect(status).toBe(1);
});

it('passes a document without mistakes', () => {
  const { stdout, status } = spawnSync(process.execPath, [RUN, '--root', root, join(root, 'docs/good.md')], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('1 documents, 4 blocks of commands run, 0 problems\n');
  expect(status).toBe(0);
});

it.each([
  ['a\nb', 'a\nb\n', true],
  ['a\nb', 'a\nb\nc\n', false],
  ['a\n…', 'a\nb\nc\n', true],
  ['…\nc', 'a\nb\nc\n', true],
  ['a … c', 'a b b c', true],
  ['a … c', 'a\nc', false],
  ['n 12', 'n 13', false],
  ['(a) [b] $c', '(a) [b] $c', true],
])('compares %j with %j', (shown, printed, expected) => {
  expect(showsOutput(shown, printed, { numbersVary: false })).toBe(expected);
});

it('lets numbers and columns vary where a document says so, and words never', () => {
  const shown = 'tput  1,234.5  x\nttft  10';
  expect(showsOutput(shown, 'tput     9.1  x\nttft  1234\n', { numbersVary: true })).toBe(true);
  expect(showsOutput(shown, 'tput     9.1  y\nttft  1234\n', { numbersVary: true })).toBe(false);
  expect(showsOutput(shown, 'tput     –    x\nttft  1234\n', { numbersVary: true })).toBe(false);
});

it('has the picture of the architecture that its script draws', () => {
  const drawn = join(root, 'architecture.svg');
  execFileSync(process.execPath, [join(ROOT, 'tools/draw-architecture.js'), drawn]);
  expect(readFileSync(drawn, 'utf8')).toBe(readFileSync(join(ROOT, 'docs/architecture.svg'), 'utf8'));
});

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
