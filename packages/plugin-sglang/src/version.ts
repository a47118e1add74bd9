import type { RecipePoint } from '@sweepline/core';
import type { SglangOptions } from './options.js';

/** In `lmsysorg/sglang:v0.5.8-cu130` and `rocm/sgl-dev:sglang-0.5.8-rocm700`, but not in Dynamo's images. */
const IN_IMAGE = /sglang[:-]v?(\d+\.\d+\.\d+)/;

/** Whether the engine has at least this version; an unknown version counts as new. */
export function isAtLeast(version: string, { job, options }: Pick<RecipePoint, 'job' | 'options'>): boolean {
  const given = (options as Partial<SglangOptions> | undefined)?.['engine-version'];
  const found = given ?? IN_IMAGE.exec(job.image)?.[1];
  return found === undefined || compareVersions(found, version) >= 0;
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const differing = a?.findIndex((part, index) => part !== b?.[index]) ?? -1;
  return differing === -1 ? 0 : (a?.[differing] ?? 0) - (b?.[differing] ?? 0);
}
