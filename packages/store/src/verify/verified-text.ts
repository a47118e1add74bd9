import type { Verified } from './verify-bundle.js';

/** For people: what was changed, or that nothing was, and who says so. */
export function verifiedText({ manifest, signedBy, changes, numbers }: Verified): string {
  const lines = [
    ...changes.map(({ what, problem }) => `changed: ${what} ${problem}`),
    ...(manifest === undefined
      ? []
      : [`${manifest.point} of ${manifest.run}, measured with Sweepline ${manifest.sweepline}`]),
    signedBy === undefined
      ? 'not signed: whoever changed a file may have changed its digest as well'
      : `signed by ${signedBy}`,
    ...(numbers === undefined ? [] : [numbersText(numbers)]),
    ...(manifest?.missing ?? []).map(({ what, why }) => `missing: ${what}: ${why}`),
    ...(manifest?.leftOut ?? []).map(({ what, why }) => `left out: ${what}: ${why}`),
    changes.length === 0
      ? `whole: all bytes of ${manifest?.files.length ?? 0} files are as they were bundled`
      : `NOT whole: ${changes.length} changes`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function numbersText({ skipped, agreeing, unknown, changes }: NonNullable<Verified['numbers']>): string {
  if (skipped !== undefined) return `numbers were not computed again: ${skipped}`;
  const others =
    unknown.length === 0 ? '' : `; not computed again, as core has no such metric: ${unknown.join(', ')}`;
  const which = changes.length === 0 ? 'the numbers follow' : 'NOT all numbers follow';
  return `${which} from the records: ${agreeing} are the same when computed again${others}`;
}
