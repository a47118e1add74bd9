import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { blocksOf, commandsOf, type Block } from './document.js';
import { outside, type Outside, type Ran } from './outside.js';

/*
 * Follows docs/plugin-tutorial.md from its first line to its last: runs the commands, writes the files, and looks for the quoted text. Then
 * it makes a newcomer's mistakes, and runs a bench. All with packages as they would be published.
 */
const TUTORIAL = fileURLToPath(new URL('../../../docs/plugin-tutorial.md', import.meta.url));
const blocks = blocksOf(await readFile(TUTORIAL, 'utf8'));
/** A machine that is busy with other tests makes results invalid; then the exit code is 6. */
const SWEPT = [0, 6];

let place: Outside;
let plugins: string;
let unreachable: string | undefined;

beforeAll(async () => {
  place = await outside();
  plugins = join(place.root, 'plugins');
  await mkdir(plugins);
  for (const args of creations()) await succeeds(place.create(args, plugins));
  unreachable = await place.install();
});

afterAll(() => place[Symbol.asyncDispose]());

/** Arguments of all calls of npm create: the packages are installed together. */
function creations(): readonly (readonly string[])[] {
  return blocks
    .filter(({ language }) => language === 'bash')
    .flatMap(commandsOf)
    .map((command) => command.split(/\s+/))
    .filter(([npm, create]) => npm === 'npm' && create === 'create')
    .map((words) => words.slice(3).filter((word) => word !== '--'));
}

async function succeeds(running: Promise<Ran>, codes: readonly (number | undefined)[] = [0]): Promise<Ran> {
  const ran = await running;
  expect(codes, `${ran.stdout}\n${ran.stderr}`).toContain(ran.exitCode);
  return ran;
}

function needsRegistry({ skip }: TestContext): void {
  if (unreachable !== undefined) skip(unreachable);
}

describe('the tutorial of plugins', () => {
  test('holds: its commands, its files and what it quotes', async (context) => {
    needsRegistry(context);
    let cwd = place.root;
    let said = '';
    for (const block of blocks) {
      if (block.language === 'bash') {
        for (const command of commandsOf(block)) {
          const [program = '', ...args] = command.split(/\s+/);
          if (program === 'cd') cwd = resolve(cwd, args[0] ?? '');
          else said = await perform(program, args, cwd);
        }
      } else await look(block, cwd, said);
    }
    await runHas('acme', 'Longest output');
  }, 240_000);
});

/** The output of a command. Commands that ran earlier, once for all packages, are looked up here. */
async function perform(program: string, args: readonly string[], cwd: string): Promise<string> {
  if (program === 'mkdir' || (program === 'npm' && args[0] === 'create')) return '';
  if (program === 'npm' && args[0] === 'install') {
    if (args[1] === undefined) await readFile(join(plugins, 'node_modules/@sweepline/core/package.json'));
    else await place.link(basename(args[1]));
    return '';
  }
  const codes = args[1] === 'sweep' ? SWEPT : [0];
  const { stdout, stderr } = await succeeds(place.run(program, args, cwd), codes);
  expect(stderr).not.toMatch(/\bPLUGIN_[A-Z]+/);
  if (program === 'npm' && args[0] === 'test') expect(stdout).toMatch(/\bpass [1-9]/);
  return `${stdout}\n${stderr}`;
}

/** Code files exist already, configs are written, and quoted text must be in the last output. */
async function look({ language, file, content, line }: Block, cwd: string, said: string): Promise<void> {
  const where = `docs/plugin-tutorial.md:${line}`;
  if (language === 'yaml') await writeFile(join(cwd, file), content);
  else if (language === 'ts') expect(await readFile(join(cwd, file), 'utf8'), where).toContain(content);
  else for (const quoted of content.trim().split('\n')) expect(said, where).toContain(quoted.trim());
}

async function runHas(...texts: readonly string[]): Promise<void> {
  const results = join(plugins, 'acme/results');
  const run = (await readdir(results)).sort().at(-1) ?? '';
  const file = await readFile(join(results, run, 'run.json'), 'utf8');
  for (const text of texts) expect(file).toContain(text);
}

describe('a newcomer', () => {
  test.for([
    ['framework', { framework: 'acmee' }, /framework acmee; did you mean "acme"/],
    ['option', { options: '{ token-mss: 3 }' }, /unknown field "token-mss"; did you mean "token-ms"/],
    ['runner', { runner: 'cpuu' }, /runner cpuu.*did you mean "cpu"/s],
    ['field', { modell: 'x' }, /unknown field "modell"; did you mean "model"/],
  ] as const)('is told of a wrong %s before anything runs', async ([, changes, message], context) => {
    needsRegistry(context);
    const cwd = join(plugins, 'acme');
    await writeFile(join(cwd, 'configs/wrong.yaml'), entry(changes));
    for (const command of ['validate', 'sweep']) {
      const { stdout, stderr } = await succeeds(sweepline([command, 'configs/wrong.yaml'], cwd), [3]);
      expect(stdout + stderr).toMatch(message);
    }
  });

  test.for([
    ['launcher', '{ sku: cpu, launcher: pinnd }', /sweepline\.yaml:4:\d+.*pinnd.*did you mean "pinned"/s],
    ['SKU', '{ sku: cpux }', /sweepline\.yaml:4:\d+.*cpux.*did you mean "cpu"/s],
  ] as const)('is told of a wrong %s of a runner, and where it is', async ([, runner, message], context) => {
    needsRegistry(context);
    const cwd = join(plugins, 'mistakes');
    const workspace = `plugins: [pinned, '@sweepline/hw-cpu']\ndefault-configs: [configs/one.yaml]\nrunners:\n  cpu: ${runner}\n`;
    await mkdir(join(cwd, 'configs'), { recursive: true });
    await writeFile(join(cwd, 'configs/sweepline.yaml'), workspace);
    await writeFile(join(cwd, 'configs/one.yaml'), entry({}));
    const { stdout, stderr } = await succeeds(sweepline(['validate'], cwd), [3]);
    expect(stdout + stderr).toMatch(message);
  });

  test('measures a server that is running', async (context) => {
    needsRegistry(context);
    const cwd = join(plugins, 'acme');
    const server = execa(process.execPath, [bin(), 'golden-server'], { cwd, reject: false });
    try {
      const [line = ''] = (await once(server.stdout, 'data')) as readonly Buffer[];
      const { url } = JSON.parse(String(line)) as { readonly url: string };
      const lengths = ['--random-input-len', '16', '--random-output-len', '4'];
      const args = ['bench', '--base-url', url, '--model', 'any', ...lengths, '--num-prompts', '8'];
      const saved = ['--save-result', '--result-filename', 'bench.json'];
      await succeeds(sweepline([...args, '--max-concurrency', '2', ...saved], cwd), SWEPT);
      const result = JSON.parse(await readFile(join(cwd, 'bench.json'), 'utf8')) as object;
      expect(result).toMatchObject({ completed: 8, total_output_tokens: 32 });
    } finally {
      server.kill();
      await server;
    }
  });
});

/** A config entry for the new framework, with these fields. */
function entry(changes: Readonly<Record<string, string>>): string {
  const fields = {
    image: 'host',
    model: 'example',
    'model-prefix': 'example',
    runner: 'cpu',
    precision: 'fp8',
  };
  const all = { ...fields, framework: 'acme', multinode: 'false', ...changes };
  const lines = Object.entries(all).map(([key, value]) => `  ${key}: ${value}\n`);
  const shapes = '[{ isl: 8, osl: 4, search-space: [{ tp: 1, conc-list: [1] }] }]';
  return `wrong:\n${lines.join('')}  seq-len-configs: ${shapes}\n`;
}

function sweepline(args: readonly string[], cwd: string): Promise<Ran> {
  return place.run(process.execPath, [bin(), ...args], cwd);
}

function bin(): string {
  return join(plugins, 'node_modules/@sweepline/core/bin/sweepline.js');
}
