import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const PACKAGES = fileURLToPath(new URL('../..', import.meta.url));
/** The packages of this workspace that new plugins need. */
const PACKED = [
  'core',
  'create-sweepline-plugin',
  'hw-cpu',
  'hw-nvidia',
  'launcher-docker',
  'plugin-vllm',
] as const;
/** Packages in npm's cache are taken from there; if the registry doesn't answer, npm fails quickly. */
const QUICK = [
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
];
/** npm's error codes for a registry that can't be reached. */
const NO_REGISTRY =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** A folder with nothing of this workspace but its packages as they would be published. */
export interface Outside extends AsyncDisposable {
  readonly root: string;
  /** Runs a program in a folder, given by absolute path. */
  run(program: string, args: readonly string[], cwd: string): Promise<Ran>;
  /** npm's `create sweepline-plugin`, with the packed package. */
  create(args: readonly string[], cwd: string): Promise<Ran>;
  /** Installs the packed packages, and the dependencies of them and of the new packages. @returns the reason if that is impossible here */
  install(): Promise<string | undefined>;
  /** Installs a new package, by the name of its folder, for the others. */
  link(name: string): Promise<void>;
}

export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export async function outside(): Promise<Outside> {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-outside-'));
  const tarballs = join(root, 'tarballs');
  await mkdir(tarballs);
  const packed = PACKED.map((name) => join(PACKAGES, name));
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', tarballs, ...packed], { cwd: root });
  const files = await readdir(tarballs);
  const creator = join(root, 'creator');
  await mkdir(creator);
  const tarball = files.find((file) => file.startsWith('create-sweepline-plugin-'));
  await execa('tar', ['-xzf', join(tarballs, tarball ?? ''), '-C', creator]);
  const plugins = join(root, 'plugins');
  return {
    root,
    run,
    create: (args, cwd) =>
      run(process.execPath, [join(creator, 'package/bin/create-sweepline-plugin.js'), ...args], cwd),
    async install() {
      await writeFile(
        join(plugins, 'package.json'),
        JSON.stringify(await manifest(plugins, tarballs, files)),
      );
      const installed = await run('npm', ['install', ...QUICK], plugins);
      if (installed.exitCode === 0) {
        // They were made independently, and don't know each other yet.
        for (const name of await made(plugins)) await rm(join(plugins, 'node_modules', name));
        return undefined;
      }
      if (NO_REGISTRY.test(installed.stderr)) return 'the registry of npm cannot be reached';
      throw new Error(installed.stderr);
    },
    link: (name) => symlink(join(plugins, name), join(plugins, 'node_modules', name)),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** One install for all new packages: they are workspaces of their folder. */
async function manifest(plugins: string, tarballs: string, files: readonly string[]): Promise<object> {
  return {
    private: true,
    workspaces: await made(plugins),
    dependencies: Object.fromEntries(
      files.map((file) => [packageOf(file), `file:${join(tarballs, file)}`] as const),
    ),
  };
}

/** Folders of the new packages. */
async function made(plugins: string): Promise<readonly string[]> {
  const entries = await readdir(plugins, { withFileTypes: true });
  return entries.flatMap(({ name }) => (name === 'node_modules' || name.includes('.') ? [] : [name]));
}

/** `sweepline-hw-cpu-0.0.0.tgz` contains @sweepline/hw-cpu. */
function packageOf(file: string): string {
  const name = file.replace(/-\d+\.\d+\.\d+.*$/, '');
  return name.replace(/^sweepline-/, '@sweepline/');
}

async function run(program: string, args: readonly string[], cwd: string): Promise<Ran> {
  const options = { cwd, env: environment(), extendEnv: false, reject: false, stdin: 'ignore' } as const;
  const { exitCode, stdout, stderr } = await execa(program, [...args], options);
  return { exitCode, stdout, stderr };
}

/** The environment of this process, without variables of npm and the test runner, and without this workspace's programs. */
function environment(): Readonly<Record<string, string | undefined>> {
  const names = Object.keys(process.env).filter(
    (name) => !/^(?:npm_|NODE_|VITEST|SWEEPLINE_|INIT_CWD)/.test(name),
  );
  const path = process.env['PATH']?.split(':').filter((folder) => !folder.includes('node_modules'));
  return { ...Object.fromEntries(names.map((name) => [name, process.env[name]])), PATH: path?.join(':') };
}
