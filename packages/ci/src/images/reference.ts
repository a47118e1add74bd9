/** An image's name, read as docker reads it. */
export interface Reference {
  /** As the config has it. */
  readonly written: string;
  /** `docker.io`, `nvcr.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** `library/ubuntu`, `nvidia/tensorrt-llm/release`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** The registry of names that have none. */
export const DOCKER_HUB = 'docker.io';

/** Source: distribution/reference, regexp.go: components of a name, tags and digests. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const REGISTRY = /^(?:[a-zA-Z0-9][a-zA-Z0-9.-]*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * An image as configs name it. enroot's `#` in place of the slash after the registry is taken as well, as in InferenceX.
 * @returns undefined for what is no name of an image, such as `host`
 */
export function readReference(written: string): Reference | undefined {
  if (written === 'host') return undefined;
  const [named = '', digest] = written.replace('#', '/').split('@', 2);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const [name, tag] = colon === -1 ? [named, undefined] : [named.slice(0, colon), named.slice(colon + 1)];
  const { registry, repository } = split(name);
  if (!REGISTRY.test(registry) || !REPOSITORY.test(repository)) return undefined;
  if ((tag !== undefined && !TAG.test(tag)) || (digest !== undefined && !DIGEST.test(digest)))
    return undefined;
  return {
    ...{ written, registry, repository },
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The part before the first slash is a registry if it looks like a host, and not like a user of Docker Hub. */
function split(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  if (first !== 'localhost' && !/[.:]/.test(first) && first === first.toLowerCase())
    return { registry: DOCKER_HUB, repository: slash === -1 ? `library/${name}` : name };
  const registry = first === 'index.docker.io' ? DOCKER_HUB : first;
  const rest = name.slice(slash + 1);
  return { registry, repository: registry === DOCKER_HUB && !rest.includes('/') ? `library/${rest}` : rest };
}

/** The same image with another tag, and pinned to a digest or not. What comes before the tag stays as it is written. */
export function withTag({ written }: Reference, tag: string | undefined, digest: string | undefined): string {
  const [named = ''] = written.split('@', 1);
  const start = Math.max(named.lastIndexOf('/'), named.lastIndexOf('#')) + 1;
  const colon = named.indexOf(':', start);
  const name = colon === -1 ? named : named.slice(0, colon);
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
