import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { LoadedPlugin } from '../plugin/registry.js';
import type { ReportPlugin } from '../plugin/report.js';
import type { Run } from '../plugin/run.js';
import { readRun } from '../results/read-run.js';
import { fillFolder } from '../results/write.js';

/** What came of one plugin's report. */
export type WrittenReport =
  | { readonly name: string; readonly folder: string }
  | { readonly name: string; readonly error: SweeplineError };

/** Where a plugin's report of a run is. */
export function reportFolder({ folder }: Pick<Run, 'folder'>, name: string): string {
  return join(folder, 'reports', name);
}

/** Has plugins write their reports of a run that is on disk, one after another. One that fails costs its own. */
export async function writeReports(
  plugins: readonly LoadedPlugin<ReportPlugin>[],
  runFolder: string,
  signal: AbortSignal,
): Promise<readonly WrittenReport[]> {
  const written: WrittenReport[] = [];
  for (const loaded of plugins) {
    const { name } = loaded.plugin;
    try {
      // Read for each: nobody gets what another one may have changed.
      const run = await readRun(runFolder);
      const folder = reportFolder(run, name);
      await writeReport(loaded, run, folder, { replace: true }, signal);
      written.push({ name, folder });
    } catch (thrown) {
      if (!(thrown instanceof SweeplineError)) throw thrown;
      written.push({ name, error: thrown });
    }
  }
  return written;
}

/** @throws {SweeplineError} what went wrong in the plugin, or RESULT_WRITE_FAILED; there is then no half a report. */
export function writeReport(
  { plugin, package: owner }: LoadedPlugin<ReportPlugin>,
  run: Run,
  folder: string,
  { replace }: { readonly replace: boolean },
  signal: AbortSignal,
): Promise<void> {
  return fillFolder(folder, { replace }, async (temporary, isEmpty) => {
    const { run: info, results, begun, problems } = run;
    await plugin.write({ folder: run.folder, run: info, results, begun, problems }, temporary, signal);
    if (!(await isEmpty())) return;
    throw new SweeplineError('PLUGIN_INVALID', `report ${plugin.name} has written no file`, {
      where: { plugin: owner },
      hint: `Report this to the authors of ${owner}.`,
    });
  });
}
