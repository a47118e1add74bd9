import { datedBuild } from './schemes/dated-build.js';
import { engineVersion } from './schemes/engine-version.js';
import type { ReadTag, TagScheme } from './schemes/scheme.js';

/** The first that reads a tag counts. */
const SCHEMES: readonly TagScheme[] = [engineVersion, datedBuild];

export function readTag(tag: string): ReadTag | undefined {
  for (const scheme of SCHEMES) {
    const read = scheme.read(tag);
    if (read !== undefined) return read;
  }
  return undefined;
}

/**
 * Tags that are newer than the given one, the newest first: those of its flavour, and no pre-releases over a release. Undefined where no
 * scheme reads it.
 */
export function newerTags(tag: string, all: readonly string[]): readonly string[] | undefined {
  const current = readTag(tag);
  if (current === undefined) return undefined;
  return all
    .flatMap((other) => {
      const read = readTag(other);
      return read?.flavour === current.flavour ? [{ other, read }] : [];
    })
    .filter(
      ({ read }) => compare(read.order, current.order) > 0 && (current.isPrerelease || !read.isPrerelease),
    )
    .sort((one, two) => compare(two.read.order, one.read.order))
    .map(({ other }) => other);
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
