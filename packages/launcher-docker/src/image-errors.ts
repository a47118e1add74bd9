import { SweeplineError } from '@sweepline/core';

interface Reason {
  readonly words: RegExp;
  readonly what: string;
  readonly hint: string;
  readonly again?: true;
}

/**
 * Why an image can't be had, by what docker, podman and registries say. In order: a full disk is reported in the middle of other words,
 * and Docker Hub calls a missing repository `denied` as well.
 */
const REASONS: readonly Reason[] = [
  {
    words: /no space left on device|disk quota exceeded/i,
    what: "the disk with the engine's images is full",
    hint: 'Free space there: `docker system df` shows what takes it; or move the images to another disk.',
  },
  {
    words:
      /no matching manifest for|does not match the specified platform|no image found in (?:manifest list|image index)/i,
    what: "it is not made for this node's platform",
    hint: 'Choose an image of that architecture.',
  },
  {
    words: /exec format error/i,
    what: 'its programs are for another architecture',
    hint: 'Choose an image of that architecture.',
  },
  {
    words: /repository does not exist or may require/i,
    what: 'its repository does not exist, or needs a login',
    hint: 'Check its name; for a private repository, log in on the node with `docker login REGISTRY`.',
  },
  {
    words: /unauthorized|authentication required|access (?:to the resource is )?denied|denied:|forbidden/i,
    what: 'its registry does not let this user have it',
    hint: 'Log in on the node with `docker login REGISTRY`.',
  },
  {
    words: /toomanyrequests|too many requests|rate limit/i,
    what: 'its registry answers no more requests for now',
    hint: 'Log in there for a higher limit, or pull it beforehand.',
    again: true,
  },
  {
    words: /manifest unknown|manifest for .* not found|name unknown|not found: manifest|\b404\b/i,
    what: 'its registry has no such image',
    hint: 'Check its name and tag.',
  },
  {
    words:
      /no such host|connection refused|i\/o timeout|handshake timeout|timeout exceeded|deadline exceeded|network is unreachable|no route to host|connection reset|server misbehaving|bad gateway|service unavailable|internal server error|received unexpected HTTP status: 5|unexpected EOF|: EOF/i,
    what: 'its registry is out of reach',
    hint: 'Check the network of the node and its proxy settings.',
    again: true,
  },
  {
    words: /short-name .* did not resolve/i,
    what: 'its name has no registry, and podman has no default one',
    hint: 'Write the registry: docker.io/ORGANISATION/IMAGE:TAG.',
  },
];

/** @param words what the engine said */
export function imageError(image: string, words: string, node: string): SweeplineError {
  const reason = REASONS.find((one) => one.words.test(words));
  const said = words.trim().split('\n').slice(-3).join(' ');
  const message = `no image ${image}: ${reason === undefined ? said : `${reason.what}: ${said}`}`;
  return new SweeplineError('IMAGE_UNAVAILABLE', message, {
    where: { node },
    hint: reason?.hint ?? 'Pull it by hand on that node, and see.',
    ...(reason !== undefined && { again: reason.again ?? false }),
  });
}
