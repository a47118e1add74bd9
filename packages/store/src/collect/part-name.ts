import { createHash } from 'node:crypto';
import type { RunInfo } from '@sweepline/core';

const DIGITS = 8;

/** Name of a part: the same for the same run, whatever its state and wherever it lies; jobs may start at the same moment. */
export function partNameOf({ id, startedAt, process }: RunInfo): string {
  const { host, pid } = process ?? {};
  const digest = createHash('sha256').update(JSON.stringify([id, startedAt, host ?? null, pid ?? null]));
  return `${startedAt.replaceAll(/[-:]/g, '')}-${digest.digest('hex').slice(0, DIGITS)}`;
}
