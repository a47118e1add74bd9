/** A tag as a scheme reads it. */
export interface ReadTag {
  /** What is the same in all tags that can be compared: the tag with signs in place of what grows, such as `v<version>-cu130`. */
  readonly flavour: string;
  /** Compared from the first number on; a tag with greater numbers is newer. */
  readonly order: readonly number[];
  /** A candidate, a development version or a nightly build: never proposed over a release. */
  readonly isPrerelease: boolean;
}

/** How a project names its images: one file in this folder, listed in ../tags.ts. */
export interface TagScheme {
  readonly name: string;
  /** Undefined for tags that are not named so. Pure. */
  read(tag: string): ReadTag | undefined;
}
