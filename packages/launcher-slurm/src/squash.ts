import type { Launch } from '@sweepline/core';
import type { JobMatch, JobNames, SlurmOptions } from './options.js';

type Commands = readonly (readonly string[])[];
/** The image of a job. */
type Imported = Pick<Launch, 'image'> & { readonly job: JobNames };

/** What pyxis starts containers from. */
export interface ImageSettings {
  /** A squash file, or the reference, which pyxis gets by itself. */
  readonly image: string;
  /** What makes the squash file on a node, whose own disk it may be on. */
  readonly 'make-image': Commands;
}

/** A squash file, and how it comes to be. */
export interface Squash {
  readonly file: string;
  readonly image: string;
  /** It is imported where it is missing or broken. */
  readonly isImported: boolean;
  readonly isAnew: boolean;
  readonly sudo: boolean;
}

/** The squash file of an image; undefined where pyxis gets the image by itself, and on the host. */
export function squashOf(
  { squash: file, unsquashed, import: imports, 'import-anew': anew, sudo }: SlurmOptions,
  { image, job }: Imported,
): Squash | undefined {
  if (image === undefined || file === undefined || matches(unsquashed, job)) return undefined;
  return { file, image, isImported: imports === 'always', isAnew: matches(anew, job), sudo };
}

/**
 * What is there and can be read is left alone; a new file appears when it is complete. `sweep` does the same under a lock. Arguments:
 * the file, the image, and whether it is made anew.
 */
const IMPORT =
  '[ -z "$3" ] && unsquashfs -l "$1" > /dev/null 2>&1 || ' +
  '{ enroot import -o "$1.part" "docker://$2" && unsquashfs -l "$1.part" > /dev/null && mv "$1.part" "$1"; }';

/** A squash file is made where it is missing or broken. Nothing for processes that run on the host. */
export function importedOnce(options: SlurmOptions, launch: Imported): Partial<ImageSettings> {
  return imageOf(options, launch, ({ file, image, isAnew }) => [
    ['sh', '-c', IMPORT, 'import', file, image, isAnew ? 'anew' : ''],
  ]);
}

/** As the original does: enroot leaves a file alone that is there, and one that can't be read ends the launch. */
export function importedPlainly(options: SlurmOptions, launch: Imported): Partial<ImageSettings> {
  return imageOf(options, launch, ({ file, image, isAnew }) => [
    ...(isAnew ? [['rm', '-f', file]] : []),
    ['enroot', 'import', '-o', file, `docker://${image}`],
    ['unsquashfs', '-l', file],
  ]);
}

function imageOf(
  options: SlurmOptions,
  launch: Imported,
  importing: (squash: Squash) => Commands,
): Partial<ImageSettings> {
  const { image } = launch;
  if (image === undefined) return {};
  const squash = squashOf(options, launch);
  if (squash === undefined) return { image, 'make-image': [] };
  const commands = squash.isImported ? importing(squash) : [];
  return {
    image: squash.file,
    'make-image': commands.map((argv) => (squash.sudo ? ['sudo', ...argv] : argv)),
  };
}

function matches(rules: readonly JobMatch[], { model, framework }: JobNames): boolean {
  return rules.some((rule) => (rule.model ?? model) === model && (rule.framework ?? framework) === framework);
}
