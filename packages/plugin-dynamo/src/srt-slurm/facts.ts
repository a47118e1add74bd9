import { type Job } from '@sweepline/core';
import type { SrtSlurmImage, SrtSlurmMatch, SrtSlurmModel, SrtSlurmSettings } from './settings.js';

/** Values of the placeholders in settings, by name. */
export type Values = Readonly<Record<string, string>>;

const MATCH_KEYS = [
  'framework',
  'model-prefix',
  'precision',
] as const satisfies readonly (keyof SrtSlurmMatch)[];

/** The first entry that matches the job. */
export function firstFor<T extends { readonly match: SrtSlurmMatch }>(
  entries: readonly T[],
  job: Job,
): T | undefined {
  return entries.find(({ match }) =>
    MATCH_KEYS.every((key) => match[key] === undefined || [match[key]].flat().includes(job[key])),
  );
}

/** The model's entry; undefined if the cluster doesn't have the model. */
export function modelOf({ models }: SrtSlurmSettings, job: Job): SrtSlurmModel | undefined {
  return firstFor(models, job);
}

/** Values of `{…}` in a job's settings. */
export function valuesOf({ images }: SrtSlurmSettings, job: Job): Values {
  const image = firstFor(images, job);
  return {
    model: job.model,
    'model-prefix': job['model-prefix'],
    precision: job.precision,
    image: job.image,
    container: image !== undefined && 'container' in image ? image.container : containerName(job.image),
    squash: image === undefined ? '' : squashFile(image, job.image),
  };
}

/** Recipes write the registry of NVIDIA's images as enroot does. */
function containerName(image: string): string {
  return image.replace('nvcr.io/', 'nvcr.io#');
}

function squashFile(entry: SrtSlurmImage, image: string): string {
  if ('file' in entry) return entry.file;
  const name = entry.without === undefined ? image : image.replace(entry.without, '');
  return `${entry.folder}/${name.replaceAll(/[/:@#]/g, entry.joiner)}.sqsh`;
}

/** A squash file for another image that recipes use. */
export function squashFileOf(settings: SrtSlurmSettings, job: Job, image: string): string {
  const entry = firstFor(settings.images, job);
  return entry === undefined ? '' : squashFile(entry, image);
}

/** Replaces placeholders by their values; unknown ones stay, because braces may be intended. */
export function fill(text: string, values: Values): string {
  return text.replaceAll(/\{([a-z-]+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

export function fillAll(texts: Values, values: Values): Values {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [fill(key, values), fill(text, values)]),
  );
}
