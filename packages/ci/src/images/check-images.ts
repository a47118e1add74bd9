import { messageOf } from '@sweepline/core';
import type { ArchitectureOf, ConfigImage } from './config-images.js';
import type { CredentialStore } from './credentials.js';
import { readReference, withTag, type Reference } from './reference.js';
import { openRepository, type Manifest, type Repository } from './registry.js';
import { newerTags, readTag } from './tags.js';

/** How an image stands. `unknown`: its registry can't be asked, or its name isn't one of an image. */
export type ImageStatus = 'current' | 'newer' | 'missing' | 'wrong-architecture' | 'unknown';

/** What is known of an image that configs have. */
export interface ImageReport {
  readonly image: string;
  readonly status: ImageStatus;
  /** Why it is unknown, and what else is to be said. */
  readonly notes: readonly string[];
  /** Architectures that its config entries need, as far as their SKUs say. */
  readonly needed: readonly string[];
  /** Those that it is there for. */
  readonly architectures?: readonly string[];
  readonly digest?: string;
  /** The newest tag of its flavour that is there for what is needed. */
  readonly newest?: string;
  /** What configs should have in its place. */
  readonly proposal?: string;
  readonly entries: readonly ConfigImage[];
}

export interface CheckOptions {
  readonly architectureOf: ArchitectureOf;
  readonly credentials: CredentialStore;
  /** Propose images by digest. */
  readonly isPinned: boolean;
  /** For all that is asked of one repository, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const REPOSITORIES_AT_ONCE = 4;
/** Newer tags that are looked at for one that has the architectures. */
const MOST_CANDIDATES = 5;

/** Reports by image, sorted. A registry that fails makes its own images unknown, and no others. */
export async function checkImages(
  entries: readonly ConfigImage[],
  options: CheckOptions,
): Promise<readonly ImageReport[]> {
  const onImages = entries.filter(({ image }) => image !== 'host');
  const byImage = groupBy(onImages, ({ image }) => image);
  const known = [...byImage].map(([image, users]) => ({ image, users, reference: readReference(image) }));
  const groups = [
    ...groupBy(known, ({ reference }) => `${reference?.registry}/${reference?.repository}`).values(),
  ];
  const reports: ImageReport[] = [];
  const work = async (): Promise<void> => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift())
      reports.push(...(await checkRepository(group, options)));
  };
  await Promise.all(Array.from({ length: REPOSITORIES_AT_ONCE }, work));
  options.signal.throwIfAborted();
  return reports.sort((one, other) => (one.image < other.image ? -1 : 1));
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

interface KnownImage {
  readonly image: string;
  readonly users: readonly ConfigImage[];
  readonly reference: Reference | undefined;
}

async function checkRepository(
  images: readonly KnownImage[],
  options: CheckOptions,
): Promise<readonly ImageReport[]> {
  const { credentials, timeoutMs, signal } = options;
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const [first] = images;
  const asked =
    first?.reference &&
    openRepository(first.reference.registry, first.reference.repository, credentials, within);
  const tags = asked === undefined ? undefined : listOnce(asked);
  const reports: ImageReport[] = [];
  for (const { image, users, reference } of images) {
    const needed = [...new Set(users.flatMap(({ runner }) => options.architectureOf(runner) ?? []))].sort();
    const known = { image, entries: users, needed };
    if (reference === undefined || asked === undefined || tags === undefined) {
      reports.push({ ...known, status: 'unknown', notes: ['is not the name of an image'] });
      continue;
    }
    try {
      reports.push({ ...known, ...(await checkImage(reference, needed, asked, tags, options.isPinned)) });
    } catch (error) {
      reports.push({ ...known, status: 'unknown', notes: [`${reference.registry} ${messageOf(error)}`] });
    }
  }
  return reports;
}

/** A repository's tags, asked for when they are first needed. */
function listOnce(repository: Repository): () => Promise<readonly string[]> {
  let asked: Promise<readonly string[]> | undefined;
  return () => (asked ??= repository.tags());
}

type Found = Omit<ImageReport, 'image' | 'entries' | 'needed'>;

async function checkImage(
  reference: Reference,
  needed: readonly string[],
  repository: Repository,
  allTags: () => Promise<readonly string[]>,
  isPinned: boolean,
): Promise<Found> {
  const { tag = reference.digest === undefined ? 'latest' : undefined, digest } = reference;
  const manifest = await repository.manifest(digest ?? tag ?? '');
  const notes = [...(await movedNote(tag, digest, repository))];
  const newer = tag === undefined || readTag(tag) === undefined ? undefined : newerTags(tag, await allTags());
  if (newer === undefined)
    notes.push(`${tag ?? 'an image without a tag'} has no order: newer ones are not looked for`);
  const newest = await newestFor(needed, newer ?? [], repository);
  if (newest === undefined && newer?.[0] !== undefined)
    notes.push(`${newer[0]} is newer, but not there for ${needed.join(' and ')}`);
  const proposal = proposalOf(
    reference,
    newest ?? (manifest && fits(manifest, needed) ? { tag, manifest } : undefined),
    isPinned,
  );
  return {
    ...{ status: statusOf(manifest, needed, newest !== undefined), notes },
    ...(manifest === undefined ? {} : { architectures: manifest.architectures, digest: manifest.digest }),
    ...(newest?.tag === undefined ? {} : { newest: newest.tag }),
    ...(proposal === undefined || proposal === reference.written ? {} : { proposal }),
  };
}

async function movedNote(
  tag: string | undefined,
  digest: string | undefined,
  repository: Repository,
): Promise<readonly string[]> {
  if (tag === undefined || digest === undefined) return [];
  const now = await repository.manifest(tag);
  if (now === undefined) return [`${tag} is no longer there; its digest counts`];
  return now.digest === digest ? [] : [`${tag} means another image now: ${now.digest}`];
}

interface Candidate {
  readonly tag: string | undefined;
  readonly manifest: Manifest;
}

async function newestFor(
  needed: readonly string[],
  newer: readonly string[],
  repository: Repository,
): Promise<Candidate | undefined> {
  for (const tag of newer.slice(0, MOST_CANDIDATES)) {
    const manifest = await repository.manifest(tag);
    if (manifest !== undefined && fits(manifest, needed)) return { tag, manifest };
  }
  return undefined;
}

function fits({ architectures }: Manifest, needed: readonly string[]): boolean {
  return needed.every((one) => architectures.includes(one));
}

function statusOf(manifest: Manifest | undefined, needed: readonly string[], hasNewer: boolean): ImageStatus {
  if (manifest === undefined) return 'missing';
  if (!fits(manifest, needed)) return 'wrong-architecture';
  return hasNewer ? 'newer' : 'current';
}

/** What was pinned stays so. */
function proposalOf(
  reference: Reference,
  found: Candidate | undefined,
  isPinned: boolean,
): string | undefined {
  if (found === undefined) return undefined;
  const isSame = found.tag === reference.tag;
  if (reference.digest !== undefined)
    return isSame ? undefined : withTag(reference, found.tag, found.manifest.digest);
  return withTag(reference, isSame ? reference.tag : found.tag, isPinned ? found.manifest.digest : undefined);
}
