import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { messageOf, z } from '@sweepline/core';
import { DOCKER_HUB } from './reference.js';

/** What proves who asks. Never part of a message. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  /** A token that buys others. */
  | { readonly identityToken: string };

/** What Docker knows of a registry's user. */
export interface CredentialStore {
  /** Undefined for registries without a login. @throws Error when a program of Docker's that has them fails */
  find(registry: string, signal: AbortSignal): Promise<Credentials | undefined>;
}

/** The name that Docker stores the login of Docker Hub under. */
const HUB_KEY = 'https://index.docker.io/v1/';
/** The user name of a helper whose secret is an identity token. */
const TOKEN_USER = '<token>';
/** Seconds that a helper may take, ms: it may ask a person. */
const HELPER_MS = 15_000;

const login = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
/** Source: docker/cli, cli/config/configfile/file.go. */
const dockerConfig = z.looseObject({
  auths: z.record(z.string(), login).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
const helperAnswer = z.looseObject({ Username: z.string(), Secret: z.string() });

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads Docker's config.json when it is first needed; without one there are no logins.
 * @param env DOCKER_CONFIG is the folder that it is in; PATH is searched for helpers
 */
export function dockerCredentials(env: Env): CredentialStore {
  const file = join(env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker'), 'config.json');
  let config: ReturnType<typeof readConfig> | undefined;
  return {
    async find(registry, signal) {
      const { auths = {}, credsStore, credHelpers = {} } = await (config ??= readConfig(file));
      const keys = registry === DOCKER_HUB ? [HUB_KEY, 'index.docker.io', DOCKER_HUB] : [registry];
      const key = keys[0] ?? registry;
      const helper = keys.flatMap((one) => own(credHelpers, one) ?? [])[0] ?? credsStore;
      const helped = helper === undefined ? undefined : await ask(helper, key, env, signal);
      if (helped !== undefined) return helped;
      const stored = [
        ...keys,
        ...keys.map((one) => `https://${one}`),
        ...keys.map((one) => `https://${one}/`),
      ];
      return stored.flatMap((one) => credentialsOf(own(auths, one)) ?? [])[0];
    },
  };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

async function readConfig(file: string): Promise<z.output<typeof dockerConfig>> {
  const written = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return '{}';
    throw new Error(`Docker's ${file} can't be read`, { cause: error });
  });
  try {
    return dockerConfig.parse(JSON.parse(written));
  } catch {
    // What a parser says may quote a password.
    throw new Error(`Docker's ${file} is not what Docker writes`);
  }
}

function credentialsOf(stored: z.output<typeof login> | undefined): Credentials | undefined {
  if (stored?.identitytoken) return { identityToken: stored.identitytoken };
  if (stored?.username && stored.password) return { username: stored.username, password: stored.password };
  if (!stored?.auth) return undefined;
  const pair = Buffer.from(stored.auth, 'base64').toString().replace(/\0+$/, '');
  const colon = pair.indexOf(':');
  return colon < 1 ? undefined : { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** Source: docker/docker-credential-helpers: `get` reads a name and prints JSON. */
async function ask(
  name: string,
  key: string,
  env: Env,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  if (!/^[\w.-]+$/.test(name))
    throw new Error('the name of a credential helper in config.json is not one of a program');
  const within = AbortSignal.any([signal, AbortSignal.timeout(HELPER_MS)]);
  const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], signal: within });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(key);
  const [printed, code] = await Promise.all([text(child.stdout), ended]).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(`${program} failed: ${within.aborted ? 'it took too long' : messageOf(error)}`);
  });
  if (code !== 0) {
    // The protocol's words for a registry that it has no login for.
    if (/credentials not found/.test(printed)) return undefined;
    throw new Error(`${program} failed with exit code ${code}`);
  }
  const answer = helperAnswer.safeParse(parsed(printed));
  if (!answer.success) throw new Error(`${program} answered what is no login`);
  const { Username: username, Secret: secret } = answer.data;
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
