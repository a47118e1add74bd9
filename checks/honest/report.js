// @ts-check
/** @typedef {import('./run.js').Done} Done */

/** @param {readonly Done[]} done Counts of the points on a quiet machine. */
export function totals(done) {
  const quiet = done.filter((point) => point.quiet);
  return {
    quiet: quiet.length,
    busy: done.length - quiet.length,
    failed: quiet.filter(({ failed }) => failed !== undefined).length,
    invalid: quiet.filter((point) => hasMark(point, 'invalid')).length,
    noted: quiet.filter((point) => hasMark(point, 'note')).length,
    byMark: counts(quiet.flatMap(({ marks }) => marks.map(({ code, severity }) => `${code} (${severity})`))),
    byMarkBusy: counts(
      done
        .filter(({ quiet }) => !quiet)
        .flatMap(({ marks }) => marks.map(({ code, severity }) => `${code} (${severity})`)),
    ),
  };
}

/** @param {readonly Done[]} done @param {ReturnType<typeof totals>} sum @param {number} planned */
export function markdown(done, sum, planned) {
  const kinds = [...new Set(done.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => {
    const of = totals(done.filter((point) => point.kind === kind));
    return `| ${kind} | ${of.quiet} | ${of.failed} | ${of.invalid} | ${of.noted} | ${listed(of.byMark)} | ${of.busy} |`;
  });
  return [
    `${done.length} of ${planned} points, ${sum.quiet} of them on a quiet machine: ${sum.failed} without a result, ${sum.invalid} invalid, ${sum.noted} with a note.`,
    '',
    '| kind | points on a quiet machine | without a result | invalid | with a note | marks | points on a busy machine |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    `| all | ${sum.quiet} | ${sum.failed} | ${sum.invalid} | ${sum.noted} | ${listed(sum.byMark)} | ${sum.busy} |`,
    '',
    `Marks of the points on a busy machine: ${listed(sum.byMarkBusy) || 'none'}.`,
    '',
  ].join('\n');
}

/** @param {Done} point @param {'note' | 'invalid'} severity */
const hasMark = ({ marks }, severity) => marks.some((mark) => mark.severity === severity);

/** @param {readonly string[]} names @returns {Readonly<Record<string, number>>} */
function counts(names) {
  /** @type {Record<string, number>} */
  const of = {};
  for (const name of names) of[name] = (of[name] ?? 0) + 1;
  return of;
}

/** @param {Readonly<Record<string, number>>} of */
const listed = (of) =>
  Object.entries(of)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');
