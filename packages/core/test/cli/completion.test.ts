import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeWorkspace } from '../workspace.js';
import { runCli } from '../run-cli.js';

const scripts = new Map<string, string>();

/** What a shell of its own prints; undefined where this machine has no such shell. */
async function inShell(
  shell: string,
  args: readonly string[],
  input: string,
): Promise<readonly string[] | undefined> {
  const result = await execa(shell, args, { input, reject: false });
  if ((result.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
  if (result.exitCode !== 0) throw new Error(`${shell}: ${result.stderr}`);
  return result.stdout.split('\n').filter((line) => line !== '');
}

/** What bash offers for the last word of a line. */
async function offered(...line: readonly string[]): Promise<readonly string[]> {
  const words = ['sweepline', ...line].map((word) => `'${word}'`).join(' ');
  const found = await inShell(
    'bash',
    ['--norc'],
    `${scripts.get('bash')!}\nCOMP_WORDS=(${words})\nCOMP_CWORD=${line.length}\n_sweepline\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
  );
  return found ?? [];
}

beforeAll(async () => {
  await using workspace = await makeWorkspace();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, stderr, exitCode } = await runCli(['completion', shell], workspace.root);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    scripts.set(shell, stdout);
  }
});

describe('completion in bash', () => {
  it('offers commands, and subcommands after them', async () => {
    expect(await offered('s')).toEqual(['sweep', 'status', 'stop', 'selftest']);
    expect(await offered('plugins', '')).toEqual(['list', 'add', 'remove', 'doctor']);
    expect(await offered('--verbose', 'plugins', 'do')).toEqual(['doctor']);
  });

  it("offers a command's options, and those that count everywhere", async () => {
    const options = await offered('sweep', '--');
    expect(options).toEqual(
      expect.arrayContaining(['--max-conc', '--json', '--verbose', '--quiet', '--help']),
    );
    expect(options).not.toContain('--random-input-len');
    expect(await offered('plugins', 'list', '--j')).toEqual(['--json']);
  });

  it('offers what an option takes, as a word of its own and after an equals sign', async () => {
    expect(await offered('sweep', '--compat', '')).toEqual(['strict']);
    expect(await offered('sweep', '--compat', '=', 's')).toEqual(['strict']);
    expect(await offered('sweep', '--compat', '=')).toEqual(['strict']);
  });

  it('leaves files to bash where they are what is wanted', async () => {
    expect(await offered('sweep', '--results-dir', '')).toEqual([]);
    expect(await offered('sweep', '')).toEqual([]);
  });

  it('is registered for the command', async () => {
    const [line] =
      (await inShell('bash', ['--norc'], `${scripts.get('bash')!}\ncomplete -p sweepline\n`)) ?? [];
    expect(line).toBe('complete -o default -F _sweepline sweepline');
  });

  it('knows the commands of packages', async () => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': 'plugins: [acme-board]\n',
      'node_modules/acme-board/package.json': JSON.stringify({
        name: 'acme-board',
        version: '1.0.0',
        type: 'module',
        sweepline: { commands: [{ name: 'board', summary: "show what's run", module: './board.js' }] },
      }),
    });
    const { stdout } = await runCli(['completion', 'bash'], workspace.root);
    const [word] =
      (await inShell(
        'bash',
        ['--norc'],
        `${stdout}\nCOMP_WORDS=(sweepline boa)\nCOMP_CWORD=1\n_sweepline\necho "\${COMPREPLY[@]}"\n`,
      )) ?? [];
    expect(word).toBe('board');
  });
});

describe('completion in other shells', () => {
  it.each([
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ])('is a script that %s can read', async (shell, args) => {
    const script = scripts.get(shell)!;
    expect(script).toContain('doctor');
    // Where the shell is installed.
    expect(await inShell(shell, args, script)).toEqual(expect.toBeOneOf([undefined, []]));
  });

  it('knows no other', async () => {
    await using workspace = await makeWorkspace();
    const { exitCode, stderr } = await runCli(['completion', 'basch'], workspace.root);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});
