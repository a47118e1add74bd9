import { SweeplineError, messageOf, type z } from '@sweepline/core';
import { required, type Environment } from './environment.js';

/** GitHub's REST API, as one repository. */
export interface Api {
  /** @param path after the repository: `/actions/runs/1` */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** As `get`; undefined for what isn't there. */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  send(method: 'POST' | 'PATCH', path: string, body: object): Promise<void>;
}

const DEFAULT_URL = 'https://api.github.com';
const WITHIN_MS = 30_000;
const NOT_FOUND = 404;

/** @throws {SweeplineError} USAGE without a token or a repository; ENDPOINT_UNREACHABLE for each answer that is no success */
export function createApi(env: Environment, signal: AbortSignal): Api {
  const repository = required(env, 'GITHUB_REPOSITORY');
  const token = required(env, 'GITHUB_TOKEN');
  const base = `${env['GITHUB_API_URL'] ?? DEFAULT_URL}/repos/${repository}`;
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    try {
      return await fetch(`${base}${path}`, {
        method,
        signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'x-github-api-version': '2022-11-28',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw failure(method, path, messageOf(cause));
    }
  };
  const find = async <T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const answer = await ask('GET', path);
    if (answer.status === NOT_FOUND) return undefined;
    if (!answer.ok) throw failure('GET', path, `status ${answer.status}`);
    const parsed = schema.safeParse(await answer.json().catch(() => undefined));
    if (!parsed.success) throw failure('GET', path, 'an answer of another form');
    return parsed.data;
  };
  return {
    find,
    async get(path, schema) {
      const found = await find(path, schema);
      if (found === undefined) throw failure('GET', path, 'status 404');
      return found;
    },
    async send(method, path, body) {
      const answer = await ask(method, path, body);
      if (!answer.ok) throw failure(method, path, `status ${answer.status}`);
    },
  };
}

function failure(method: string, path: string, why: string): SweeplineError {
  return new SweeplineError('ENDPOINT_UNREACHABLE', `GitHub: ${method} ${path}: ${why}`, {
    hint: 'Look whether the job has the permission that this needs, and run it again.',
  });
}
