// @ts-check
/** A folder in which a document's commands run as for its reader: with this workspace's configs and packages, or with packages only. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** @typedef {{ readonly code: number | null, readonly stdout: string, readonly stderr: string }} Outcome */

/** Milliseconds after which a command counts as hung. */
const LIMIT_MS = 120_000;
/** The port of servers in documents. Commands get a free port instead, and their output gets this one. */
const PORT = '8000';
/** Replaces npm's npx: finds programs of installed packages, without npm's half a second. */
const NPX = '#!/bin/sh\nprogram=$1; shift\nexec "$(dirname "$0")/../node_modules/.bin/$program" "$@"\n';

/** Processes to end if the check is stopped. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {Set<string>} */
const folders = new Set();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    for (const child of running) end(child, 'SIGTERM');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
}

/** @param {string} root @param {{ readonly isEmpty: boolean }} options */
export async function openWorkspace(root, { isEmpty }) {
  const folder = await mkdtemp(join(tmpdir(), 'docs-check-'));
  folders.add(folder);
  const bin = join(folder, '.bin');
  await mkdir(bin);
  await writeFile(join(bin, 'npx'), NPX, { mode: 0o755 });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  if (!isEmpty) await cp(join(root, 'configs'), join(folder, 'configs'), { recursive: true });
  const port = String(await freePort());
  /** @type {{ readonly server: import('node:child_process').ChildProcess, readonly outcome: Promise<Outcome> }[]} */
  const background = [];
  const shell = (/** @type {string} */ text) => start(text.replaceAll(word(PORT), port), folder, bin);
  return {
    folder,
    /** @param {string} path @param {string} text */
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${text}\n`);
    },
    /** Runs a command until it ends. @param {string} text @returns {Promise<Outcome>} */
    async run(text) {
      const { stdout, stderr, code } = await outcomeOf(shell(text));
      const asWritten = (/** @type {string} */ printed) =>
        printed.replaceAll(word(port), PORT).replaceAll(folder, '.');
      return { code, stdout: asWritten(stdout), stderr: asWritten(stderr) };
    },
    /**
     * Starts a command and waits for its first line; the command ends with the workspace. @param {string} text @returns {Promise<string |
     * undefined>} the reason if it didn't start
     */
    async startServer(text) {
      const server = shell(text);
      const outcome = outcomeOf(server);
      background.push({ server, outcome });
      const line = once(/** @type {import('node:stream').Readable} */ (server.stdout), 'data').then(
        () => undefined,
      );
      return Promise.race([line, outcome.then(({ code, stderr }) => `ended with code ${code}: ${stderr}`)]);
    },
    async [Symbol.asyncDispose]() {
      for (const { server } of background) if (server.exitCode === null) end(server, 'SIGTERM');
      await Promise.all(background.map(({ outcome }) => outcome));
      await rm(folder, { recursive: true, force: true });
      folders.delete(folder);
    },
  };
}

/** In its own process group, so that all of its processes can be ended. @param {string} text @param {string} cwd @param {string} bin */
function start(text, cwd, bin) {
  const own = [bin, join(cwd, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']];
  const git = {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  };
  const env = {
    ...process.env,
    ...git,
    PATH: own.join(delimiter),
    NO_COLOR: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  return spawn('bash', ['-euo', 'pipefail', '-c', text], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<Outcome>} */
async function outcomeOf(child) {
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (printed.stderr += text));
  const limit = setTimeout(() => end(child, 'SIGKILL'), LIMIT_MS);
  running.add(child);
  const closed = once(child, 'close');
  const [code] = await once(child, 'exit');
  clearTimeout(limit);
  // Its background processes would keep the output open.
  end(child, 'SIGKILL');
  await closed;
  running.delete(child);
  return { code, ...printed };
}

/**
 * Signals the process and everything that it started. @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals}
 * signal
 */
function end({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** @param {string} digits */
function word(digits) {
  return new RegExp(`\\b${digits}\\b`, 'g');
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
