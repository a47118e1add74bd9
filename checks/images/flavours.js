// @ts-check
/**
 * Real registries, each with its own kind of login.
 *
 * @typedef {object} Flavour
 * @property {string} name
 * @property {string} program
 * @property {Record<string, Record<string, string>>} auth of its config
 * @property {string} authorization of who may push
 * @property {boolean} hasPages whether it gives its tags in pages
 * @property {string} refusal what is said without a login
 * @property {() => void} [close]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE, startTokens } from './tokens.js';

export const HOST = '127.0.0.1:15931';
export const LOGIN = { user: 'bench', password: 'not-a-secret' };
export const AUTH = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');

/** @type {readonly ((folder: string) => Promise<Flavour | { leftOut: string }>)[]} */
export const FLAVOURS = [debian, distribution];

/** @param {string} folder @returns {Promise<Flavour | { leftOut: string }>} */
async function debian(folder) {
  const program = programOfDebian(folder);
  if (program === undefined) return { leftOut: "Debian's docker-registry can't be had here" };
  // The user's password as bcrypt; perl's crypt is the C library's.
  const salt = '$2y$05$abcdefghijklmnopqrstuu';
  const hash = execFileSync('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', LOGIN.password, salt], {
    encoding: 'utf8',
  });
  const path = join(folder, 'htpasswd');
  writeFileSync(path, `${LOGIN.user}:${hash}\n`);
  const auth = { htpasswd: { realm: 'test', path } };
  return {
    name: "Debian's",
    program,
    auth,
    authorization: `Basic ${AUTH}`,
    hasPages: false,
    refusal: 'asks for a login',
  };
}

/** Installed, or unpacked from the package. @param {string} folder */
function programOfDebian(folder) {
  const quiet = /** @type {const} */ ({ cwd: folder, stdio: 'ignore' });
  try {
    execFileSync('docker-registry', ['--version'], quiet);
    return 'docker-registry';
  } catch {
    // Not installed.
  }
  try {
    execFileSync('apt-get', ['download', 'docker-registry'], quiet);
    execFileSync('sh', ['-c', 'dpkg -x docker-registry_*.deb unpacked'], quiet);
    return join(folder, 'unpacked/usr/bin/docker-registry');
  } catch {
    return undefined;
  }
}

/** @param {string} folder @returns {Promise<Flavour | { leftOut: string }>} */
async function distribution(folder) {
  const program = process.env['REGISTRY'] ?? '';
  if (!existsSync(program)) return { leftOut: 'REGISTRY names no program of Distribution 3' };
  const { realm, jwks, sign, close } = await startTokens(AUTH);
  const path = join(folder, 'jwks.json');
  writeFileSync(path, JSON.stringify(jwks));
  const auth = { token: { realm, service: SERVICE, issuer: SERVICE, jwks: path } };
  const authorization = `Bearer ${sign(['pull', 'push'])}`;
  return {
    name: 'Distribution 3',
    program,
    auth,
    authorization,
    hasPages: true,
    refusal: 'gives no token',
    close,
  };
}
