// @ts-check
/** Python environments of the checks: made once, and kept. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where environments are kept unless another folder is given. */
export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sweepline');
const INSTALL_TIMEOUT_MS = 30 * 60_000;

/** Why a check can't run here. */
export class Unavailable extends Error {}

/**
 * The Python of a virtual environment, which is made if it doesn't exist.
 * @param {string} venv @param {readonly string[]} versions Versions of Python, such as 3.12, the preferred first. @throws {Unavailable}
 */
export function venvPython(venv, versions) {
  const python = join(venv, 'bin/python');
  if (!existsSync(python)) attempt(findPython(versions), ['-m', 'venv', venv]);
  return python;
}

/** @param {string} python @param {readonly string[]} args Arguments of `pip install`. @throws {Unavailable} */
export function pipInstall(python, args) {
  console.error(`pip install ${args.join(' ')}`);
  attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...args]);
}

/** @param {string} command @param {readonly string[]} args @throws {Unavailable} With the error that it printed, or its last line. */
export function attempt(command, args) {
  const { status, error, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (status === 0) return;
  const lines = (stderr ?? '').trim().split('\n');
  const reason =
    error?.message ?? lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'no reason given';
  throw new Unavailable(`${command} ${args.join(' ')}: ${reason}`);
}

/** Installs what some of a check needs, and says why it can't. @param {string} what @param {() => unknown} install */
export function attemptInstall(what, install) {
  try {
    install();
  } catch (thrown) {
    if (!(thrown instanceof Unavailable)) throw thrown;
    console.log(`without ${what}: ${thrown.message}`);
  }
}

/** @param {readonly string[]} versions @throws {Unavailable} */
function findPython(versions) {
  const names = [...versions.map((version) => `python${version}`), 'python3'];
  const found = names.find((name) =>
    versions.some((version) => versionOf(name).startsWith(`Python ${version}.`)),
  );
  if (found === undefined) throw new Unavailable(`no Python ${versions.join(' or ')} (${names.join(', ')})`);
  return found;
}

/** @param {string} name */
function versionOf(name) {
  try {
    return execFileSync(name, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
