// @ts-check
// Prints "N passed, N failed, N skipped" from a vitest JSON report. Fails when no test ran, and when recordings of InferenceX
// are on this machine and a suite that compares with them did not run.
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ ancestorTitles: readonly string[], status: string }} Test
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: readonly { assertionResults: readonly Test[] }[] }} Report
 */

/** @type {Report} */
const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
const problems = [...(passed + failed === 0 ? ['no test ran'] : []), ...unseenRecordings(report)];
for (const problem of problems) console.log(problem);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (problems.length > 0) process.exit(1);

/** What lies in recordings and was not compared with, a line each. @param {Report} report */
function unseenRecordings({ testResults }) {
  const named = process.env['SWEEPLINE_CONFORMANCE'];
  if (named && !isFolder(named))
    return [`SWEEPLINE_CONFORMANCE names ${named}, which is no folder that is there`];
  const beside = join(import.meta.dirname, '../../shared/conformance');
  const folder = named || beside;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return [
    ...(named && isFolder(beside) && realpathSync(named) !== realpathSync(beside)
      ? [`recordings in ${beside}: not compared with, as SWEEPLINE_CONFORMANCE names ${named}`]
      : []),
    ...(isFolder(folder) ? unseenParts(folder, tests, named) : []),
  ];
}

/** Suites name their part: `[recorded: matrix]`. @param {string} folder @param {readonly Test[]} tests @param {string} [named] */
function unseenParts(folder, tests, named) {
  const parts = readdirSync(folder).filter((name) => !name.startsWith('.') && isFolder(join(folder, name)));
  if (named && parts.length === 0) return [`SWEEPLINE_CONFORMANCE names ${named}, which has no recordings`];
  return parts.flatMap((name) => {
    const own = tests.filter(({ ancestorTitles }) =>
      ancestorTitles.some((title) => title.endsWith(`[recorded: ${name}]`)),
    );
    if (own.length === 0) return [`recordings in ${join(folder, name)}: no test compared with them`];
    const notRun = own.filter(({ status }) => status !== 'passed' && status !== 'failed');
    if (notRun.length === 0) return [];
    const suites = [...new Set(notRun.map(({ ancestorTitles }) => ancestorTitles.join(' > ')))];
    return [
      `recordings in ${join(folder, name)}: ${notRun.length} tests did not run, of ${suites.join('; ')}`,
    ];
  });
}

/** Also through a link. @param {string} path */
function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
