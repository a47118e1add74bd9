import { afterEach, describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

interface Declaration {
  readonly name?: unknown;
  readonly summary?: unknown;
  readonly module?: unknown;
}

/** A package in the workspace's node_modules that adds commands, and no plugins. */
function commandPackage(
  name: string,
  commands: readonly Declaration[] | string,
  modules: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = `node_modules/${name}`;
  const manifest = { name, version: '0.3.0', type: 'module', sweepline: { commands } };
  return {
    [`${at}/package.json`]: typeof commands === 'string' ? commands : JSON.stringify(manifest),
    ...Object.fromEntries(Object.entries(modules).map(([file, source]) => [`${at}/${file}`, source])),
  };
}

const BOARD = { name: 'board', summary: 'show runs on a board', module: './board.js' };

const TELLS = `export default async ({ args, terminal, logger, cwd, root, resultsDir, runs }) => {
  console.log('noise');
  const { run, results } = await runs.read(await runs.latest());
  logger.info('said to people');
  terminal.stdout(JSON.stringify({ args, cwd, root, resultsDir, state: run.state, names: results.map((r) => r.state) }) + '\\n');
  return 7;
};`;

let made: TestWorkspace | undefined;
afterEach(async () => {
  await made?.[Symbol.asyncDispose]();
  made = undefined;
});

async function workspaceWith(
  plugins: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<TestWorkspace> {
  made = await makeWorkspace({
    'configs/sweepline.yaml': `plugins: ${JSON.stringify(plugins)}\n`,
    ...files,
  });
  return made;
}

/** With one command `board` of this module. */
const withModule = (source: string): Promise<TestWorkspace> =>
  workspaceWith(['acme-board'], commandPackage('acme-board', [BOARD], { 'board.js': source }));

describe('a command of a package', () => {
  it('stands in the help without being loaded, and in the list of plugins', async () => {
    const workspace = await withModule(`throw new Error('was loaded');`);

    const help = await workspace.cli(['--help']);
    const list = await workspace.cli(['plugins', 'list', '--json']);

    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toMatch(/^ {2}board +show runs on a board \(acme-board\)$/m);
    expect(list.stderr).toBe('');
    expect(JSON.parse(list.stdout)).toContainEqual({
      kind: 'command',
      name: 'board',
      package: 'acme-board',
      version: '0.3.0',
      provides: ['show runs on a board'],
    });
  });

  it('gets its arguments, the workspace and its runs, and gives the exit code', async () => {
    const workspace = await workspaceWith(['@acme/sweepline-plugin', 'acme-board'], {
      'configs/acme.yaml': acmeEntry('one'),
      ...commandPackage('acme-board', [BOARD], { 'board.js': TELLS }),
    });
    await workspace.cli(['sweep', 'configs/acme.yaml', '--allow-invalid']);

    const { exitCode, stdout, stderr } = await workspace.cli(['board', '--help', '-x', '--', 'a b'], {
      cwd: 'configs',
    });

    expect(exitCode, stderr).toBe(7);
    expect(JSON.parse(stdout)).toEqual({
      args: ['--help', '-x', '--', 'a b'],
      cwd: `${workspace.root}/configs`,
      root: workspace.root,
      resultsDir: `${workspace.root}/results`,
      state: 'finished',
      names: ['completed'],
    });
    expect(stderr).toBe('noise\nsaid to people');
  });

  it('of the package that the workspace itself is, is found by its name', async () => {
    const manifest = {
      name: 'acme-board',
      version: '0.3.0',
      type: 'module',
      sweepline: { commands: [BOARD] },
    };
    const workspace = await workspaceWith(['acme-board'], {
      'package.json': JSON.stringify(manifest),
      'board.js': `export default ({ terminal }) => (terminal.stdout('here\\n'), 0);`,
    });
    expect(await workspace.cli(['board'])).toMatchObject({ exitCode: 0, stdout: 'here', stderr: '' });
  });

  it('of a package by path is found, too', async () => {
    const workspace = await workspaceWith(['../tools/board'], {
      'tools/board/package.json': JSON.stringify({ type: 'module', sweepline: { commands: [BOARD] } }),
      'tools/board/board.js': `export default ({ terminal }) => { terminal.stdout('here'); return 0; };`,
    });

    expect(await workspace.cli(['board'])).toEqual({ exitCode: 0, stdout: 'here', stderr: '' });
  });

  it.each([
    ['has no module', undefined, 4, /PLUGIN_BROKEN: plugin package acme-board can't be loaded/],
    [
      'throws when it is loaded',
      `throw new Error('no licence');`,
      4,
      /PLUGIN_BROKEN.*acme-board.*no licence/,
    ],
    [
      'exports no function',
      `export default 1;`,
      4,
      /PLUGIN_INVALID: command board of acme-board: .*no function/,
    ],
    [
      'throws',
      `export default () => { throw new Error('boom'); };`,
      4,
      /PLUGIN_THREW: command board: run: boom \(at .*board\.js:1\)/,
    ],
    [
      'throws in a timer',
      `export default () => new Promise(() => setTimeout(() => { throw new Error('boom'); }, 5));`,
      4,
      /PLUGIN_THREW: code of acme-board threw outside of any call: boom/,
    ],
    [
      'ends with no exit code',
      `export default async () => {};`,
      4,
      /PLUGIN_INVALID: .*ended with something of type undefined/,
    ],
    ['ends with an odd one', `export default () => 256;`, 4, /PLUGIN_INVALID: .*ended with 256/],
    ['never ends', `export default () => new Promise(() => {});`, 4, /PLUGIN_TIMEOUT: command board: run/],
    ['never loads', `await new Promise(() => {});`, 4, /PLUGIN_TIMEOUT: command board: import/],
    [
      'keeps the thread',
      `export default async () => { for (;;); };`,
      4,
      /PLUGIN_TIMEOUT: code of acme-board \(at .*board\.js:1\) blocked the process/,
    ],
    ['ends the process', `export default () => process.exit(0);`, 4, /code of acme-board ended the process/],
  ])('that %s is an error with the name of its package', async (_, source, exitCode, message) => {
    const files: Readonly<Record<string, string>> = source === undefined ? {} : { 'board.js': source };
    const workspace = await workspaceWith(['acme-board'], commandPackage('acme-board', [BOARD], files));

    const outcome = await workspace.cli(['board'], { env: { SWEEPLINE_PLUGIN_TIMEOUT_S: '3' } });

    expect(outcome).toMatchObject({ stdout: '', stderr: expect.stringMatching(message) as string });
    expect(outcome.exitCode).toBe(exitCode);
    expect((await workspace.cli(['--help'])).exitCode).toBe(0);
  });

  it('is told to stop by a signal', async () => {
    const workspace = await withModule(`export default ({ signal, terminal }) => {
      terminal.stderr('RUNNING');
      return new Promise((end) => {
        const timer = setInterval(() => {}, 1000);
        signal.addEventListener('abort', () => { clearInterval(timer); end(9); });
      });
    };`);

    const running = workspace.start(['board']);
    running.stderr.once('data', () => running.kill('SIGINT'));

    expect((await running).exitCode).toBe(9);
  });
});

describe('commands that clash', () => {
  it('with one of core are left out, and core keeps its own', async () => {
    const workspace = await workspaceWith(
      ['acme-board'],
      commandPackage('acme-board', [{ ...BOARD, name: 'matrix' }, BOARD], {
        'board.js': `export default () => 3;`,
      }),
    );

    const { stdout, stderr } = await workspace.cli(['--help']);

    expect(stderr).toMatch(
      /PLUGIN_DUPLICATE: command matrix is claimed by Sweepline itself and by acme-board[^]*Remove one of them/,
    );
    expect(stdout).toMatch(/^ {2}matrix +print the jobs/m);
    expect(await workspace.cli(['board'])).toMatchObject({ exitCode: 3, stderr: '' });
    expect((await workspace.cli(['validate'])).stdout).toContain(
      'command matrix is claimed by Sweepline itself',
    );
  });

  it('with each other are both left out, by an error that names both packages', async () => {
    const workspace = await workspaceWith(['acme-board', 'other-board'], {
      ...commandPackage('acme-board', [BOARD, { ...BOARD, name: 'sound' }], {
        'board.js': `export default () => 3;`,
      }),
      ...commandPackage('other-board', [BOARD]),
    });
    const message = /PLUGIN_DUPLICATE: command board is claimed by acme-board and by other-board/;

    const { stdout, stderr } = await workspace.cli(['--help']);

    expect(stderr).toMatch(message);
    expect(stdout).not.toMatch(/^ {2}board/m);
    expect(await workspace.cli(['board'])).toMatchObject({
      exitCode: 4,
      stdout: '',
      stderr: expect.stringMatching(message) as string,
    });
    expect(await workspace.cli(['sound'])).toMatchObject({ exitCode: 3, stderr: '' });
  });
});

describe('a package.json that is wrong', () => {
  it.each([
    ['is no JSON', '{', /package\.json of acme-board: can't be read: it is not JSON/],
    ['lists no list', '{ "sweepline": { "commands": {} } }', /sweepline\.commands: expected a list/],
  ])('and %s costs the commands of its package', async (_, manifest, message) => {
    const workspace = await workspaceWith(['acme-board', 'other-board'], {
      ...commandPackage('acme-board', manifest),
      ...commandPackage('other-board', [{ ...BOARD, name: 'sound' }], {
        'board.js': `export default () => 3;`,
      }),
    });

    const { stderr, stdout } = await workspace.cli(['--help']);

    expect(stderr).toMatch(message);
    expect(stdout).toMatch(/^ {2}sound /m);
    expect(await workspace.cli(['sound'])).toMatchObject({ exitCode: 3, stderr: '' });
  });

  it.each([
    [{ ...BOARD, name: 'My Board' }, /commands\.0\.name: expected a kebab-case name/],
    [{ ...BOARD, summary: ' ' }, /commands\.0\.summary: expected one line/],
    [{ ...BOARD, module: 'board.js' }, /commands\.0\.module: expected a path in the package/],
    [{ ...BOARD, module: './../other/board.js' }, /commands\.0\.module: expected a path that stays/],
  ])('costs the command that it declares as %j', async (declaration, message) => {
    const workspace = await workspaceWith(
      ['acme-board'],
      commandPackage('acme-board', [declaration, { ...BOARD, name: 'sound' }], {
        'board.js': `export default () => 3;`,
      }),
    );

    const { stderr, stdout } = await workspace.cli(['--help']);

    expect(stderr).toMatch(message);
    expect(stdout).not.toMatch(/^ {2}board/m);
    expect(await workspace.cli(['sound'])).toMatchObject({ exitCode: 3, stderr: '' });
  });

  it('of the workspace costs no help', async () => {
    const workspace = await workspaceWith([], { 'configs/sweepline.yaml': 'plugins: [' });

    const { exitCode, stdout, stderr } = await workspace.cli(['--help']);

    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringContaining('CONFIG_SYNTAX') as string,
    });
    expect(stdout).toMatch(/^ {2}sweep /m);
  });
});
