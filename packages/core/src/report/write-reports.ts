import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { LoadedPlugin } from '../plugin/registry.js';
import type { ReportPlugin } from '../plugin/report.js';
import type { Run } from '../plugin/run.js';
import { readRun } from '../results/read-run.js';
import { fillFolder } from '../results/write.js';

/** Result of one plugin's report. */
export type WrittenReport =
  | { readonly name: string; readonly folder: string }
  | { readonly name: string; readonly error: SweeplineError };

/** The folder of a plugin's report on a run. */
export function reportFolder({ folder }: Pick<Run, 'folder'>, name: string): string {
  return join(folder, 'reports', name);
}

/** Lets plugins write their reports of a run from disk, one after another. A plugin that fails only loses its own report. */
export async function writeReports(
  plugins: readonly LoadedPlugin<ReportPlugin>[],
  runFolder: string,
  signal: AbortSignal,
): Promise<readonly WrittenReport[]> {
  const written: WrittenReport[] = [];
  for (const loaded of plugins) {
    const { name } = loaded.plugin;
    try {
      // Read again for each plugin, so that none sees another one's changes.
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

/** @throws {SweeplineError} the plugin's error, or RESULT_WRITE_FAILED; in both cases no partial report is left. */
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
    throw new SweeplineError('PLUGIN_INVALID', `report ${plugin.name} wrote no file`, {
      where: { plugin: owner },
      hint: `Report this to the authors of ${owner}.`,
    });
  });
}
