// @ts-check
// Prints "N passed, N failed, N skipped" from a vitest JSON report. Fails when no test ran, and when recordings of InferenceX
// are on this machine and a suite that compares with them did not run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** What lies in the recordings and was not compared with, a line each. Suites name their part: `[recorded: matrix]`. @param {Report} report */
function unseenRecordings({ testResults }) {
  const named = process.env['SWEEPLINE_CONFORMANCE'];
  if (named && !existsSync(named)) return [`SWEEPLINE_CONFORMANCE names ${named}, which isn't there`];
  const folder = named || join(import.meta.dirname, '../../shared/conformance');
  if (!existsSync(folder)) return [];
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
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
