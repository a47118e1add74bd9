import { createHash } from 'node:crypto';
import { z } from '@sweepline/core';
import type { CredentialStore } from './credentials.js';
import { RegistryError, request, type Answer } from './http.js';
import { DOCKER_HUB } from './reference.js';
import { authorize } from './tokens.js';

/** What a tag or a digest stands for. */
export interface Manifest {
  /** `sha256:…` of what the registry answered. */
  readonly digest: string;
  /** `amd64`, `arm64`; of images for Linux. */
  readonly architectures: readonly string[];
}

/** One repository of a registry that speaks the OCI distribution API. */
export interface Repository {
  /** @throws {RegistryError} */
  tags(): Promise<readonly string[]>;
  /** Undefined for an image that isn't there. @throws {RegistryError} */
  manifest(tagOrDigest: string): Promise<Manifest | undefined>;
}

const PER_PAGE = 1000;
const MOST_PAGES = 200;
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

const tagPage = z.looseObject({ tags: z.array(z.string()).nullish() });
const platform = z.looseObject({ os: z.string(), architecture: z.string() });
const index = z.looseObject({ manifests: z.array(z.looseObject({ platform: platform.optional() })) });
const image = z.looseObject({ config: z.looseObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }) });
const errors = z.looseObject({ errors: z.array(z.looseObject({ code: z.string() })) });

/**
 * @param registry as in the names of images
 * @param signal ends all that is asked
 */
export function openRepository(
  registry: string,
  repository: string,
  credentials: CredentialStore,
  signal: AbortSignal,
): Repository {
  const root = new URL(`${originOf(registry)}/v2/${repository}/`);
  const scope = `repository:${repository}:pull`;
  let authorization: string | undefined;
  const get = async (url: URL, accept: readonly string[] = ['application/json']): Promise<Answer> => {
    const headers = { accept: accept.join(', ') };
    const asked = (): Promise<Answer> =>
      request(url, {
        headers: authorization === undefined ? headers : { ...headers, authorization },
        signal,
      });
    const answer = await asked();
    if (answer.status !== 401) return answer;
    authorization = await authorize(answer, await credentials.find(registry, signal), scope, signal);
    return asked();
  };
  return { tags: () => allTags(root, get), manifest: (name) => manifestOf(root, name, get) };
}

type Get = (url: URL, accept?: readonly string[]) => Promise<Answer>;

/** Docker talks to this machine's own registries without TLS. */
function originOf(registry: string): string {
  if (registry === DOCKER_HUB) return 'https://registry-1.docker.io';
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(registry)
    ? `http://${registry}`
    : `https://${registry}`;
}

async function allTags(root: URL, get: Get): Promise<readonly string[]> {
  const tags = new Set<string>();
  let url = new URL(`tags/list?n=${PER_PAGE}`, root);
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await get(url);
    if (answer.status !== 200) throw refusal(answer);
    const before = tags.size;
    const listed = json(answer, tagPage, 'tags').tags ?? [];
    for (const tag of listed) tags.add(tag);
    const next = nextOf(answer, url);
    if (next === undefined) return [...tags];
    if (tags.size === before && listed.length > 0)
      throw new RegistryError('lists the same tags again and again');
    url = next;
  }
  throw new RegistryError(`has more than ${MOST_PAGES} pages of tags`);
}

/** RFC 8288: `</v2/…?last=x>; rel="next"`. */
function nextOf({ headers }: Answer, url: URL): URL | undefined {
  const link = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(headers.get('link') ?? '')?.[1];
  if (link === undefined) return undefined;
  if (!URL.canParse(link, url.href) || new URL(link, url).origin !== url.origin)
    throw new RegistryError('leads to another address for more tags');
  return new URL(link, url);
}

async function manifestOf(root: URL, name: string, get: Get): Promise<Manifest | undefined> {
  const answer = await get(new URL(`manifests/${name}`, root), MANIFEST_TYPES);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(answer);
  const digest = `sha256:${createHash('sha256').update(answer.body).digest('hex')}`;
  if (name.startsWith('sha256:') && name !== digest)
    throw new RegistryError('answers with another image than it was asked for');
  const list = parsed(answer, index);
  if (list !== undefined)
    return {
      digest,
      architectures: architecturesOf(list.manifests.flatMap(({ platform: one }) => one ?? [])),
    };
  const { config } = json(answer, image, 'manifests');
  const blob = await get(new URL(`blobs/${config.digest}`, root));
  if (blob.status !== 200) throw refusal(blob);
  return { digest, architectures: architecturesOf([json(blob, platform, 'configs')]) };
}

function architecturesOf(platforms: readonly z.output<typeof platform>[]): readonly string[] {
  return [...new Set(platforms.filter(({ os }) => os === 'linux').map(({ architecture }) => architecture))];
}

function json<T>(answer: Answer, schema: z.ZodType<T>, what: string): T {
  const value = parsed(answer, schema);
  if (value === undefined) throw new RegistryError(`answers with ${what} of another form`);
  return value;
}

function parsed<T>({ body }: Answer, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body.toString())).data;
  } catch {
    return undefined;
  }
}

function refusal(answer: Answer): RegistryError {
  const { status } = answer;
  const code = parsed(answer, errors)?.errors[0]?.code;
  const why = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : '';
  if (status === 401 || status === 403)
    return new RegistryError(
      `lets this user read nothing there, or has no such repository: HTTP ${status}${why}`,
    );
  if (status === 404) return new RegistryError(`has no such repository: HTTP 404${why}`);
  if (status === 429) return new RegistryError(`limits how often it is asked: HTTP 429${why}`);
  return new RegistryError(`answers HTTP ${status}${why}`);
}
