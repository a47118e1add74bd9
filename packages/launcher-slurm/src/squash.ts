import type { Launch } from '@sweepline/core';
import type { JobMatch, SlurmOptions } from './options.js';

type Commands = readonly (readonly string[])[];

/** What pyxis starts containers from. */
export interface ImageSettings {
  /** A squash file, or the reference, which pyxis gets by itself. */
  readonly image: string;
  /** What makes the squash file on a node, whose own disk it may be on. */
  readonly 'make-image': Commands;
}

/** Leaves a file alone that can be read; arguments: the file, and the image. */
const IMPORT = 'unsquashfs -l "$1" > /dev/null 2>&1 || { rm -f "$1"; enroot import -o "$1" "docker://$2"; }';

/** A squash file is made where it is missing or broken. Nothing for processes that run on the host. */
export function importedOnce(options: SlurmOptions, launch: Launch): Partial<ImageSettings> {
  return imageOf(options, launch, (file, image) => [['sh', '-c', IMPORT, 'import', file, image]]);
}

/** As the original does: enroot leaves a file alone that is there, and one that can't be read ends the launch. */
export function importedPlainly(options: SlurmOptions, launch: Launch): Partial<ImageSettings> {
  return imageOf(options, launch, (file, image) => [
    ['enroot', 'import', '-o', file, `docker://${image}`],
    ['unsquashfs', '-l', file],
  ]);
}

function imageOf(
  { squash, unsquashed, import: imports, 'import-anew': anew, sudo }: SlurmOptions,
  { image, job }: Launch,
  importing: (file: string, image: string) => Commands,
): Partial<ImageSettings> {
  if (image === undefined) return {};
  if (squash === undefined || matches(unsquashed, job)) return { image, 'make-image': [] };
  if (imports === 'never') return { image: squash, 'make-image': [] };
  const commands = [...(matches(anew, job) ? [['rm', '-f', squash]] : []), ...importing(squash, image)];
  return { image: squash, 'make-image': commands.map((argv) => (sudo ? ['sudo', ...argv] : argv)) };
}

function matches(rules: readonly JobMatch[], job: Launch['job']): boolean {
  return rules.some(
    ({ model = job.model, framework = job.framework }) => model === job.model && framework === job.framework,
  );
}
