import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { LoadedPlugin } from '../plugin/registry.js';
import type { ReportKnowledge, ReportPlugin } from '../plugin/report.js';
import type { Run } from '../plugin/run.js';
import { readRun } from '../results/read-run.js';
import { fillFile, fillFolder } from '../results/write.js';

/** Result of one plugin's report. */
export type WrittenReport =
  | { readonly name: string; readonly path: string }
  | { readonly name: string; readonly error: SweeplineError };

/** The folder of a plugin's report on a run, or its one file. */
export function reportPath(
  { folder }: Pick<Run, 'folder'>,
  { name, file }: Pick<ReportPlugin, 'name' | 'file'>,
): string {
  return file === undefined ? join(folder, 'reports', name) : join(folder, file);
}

/** How a report is written. */
export interface WriteOptions {
  readonly known: ReportKnowledge;
  readonly signal: AbortSignal;
}

/** Lets plugins write their reports of a run from disk, one after another. A plugin that fails only loses its own report. */
export async function writeReports(
  plugins: readonly LoadedPlugin<ReportPlugin>[],
  runFolder: string,
  options: WriteOptions,
): Promise<readonly WrittenReport[]> {
  const written: WrittenReport[] = [];
  for (const loaded of plugins) {
    const { name } = loaded.plugin;
    try {
      // Read again for each plugin, so that none sees another one's changes.
      const run = await readRun(runFolder);
      const path = reportPath(run, loaded.plugin);
      await writeReport(loaded, run, path, { replace: true, ...options });
      written.push({ name, path });
    } catch (thrown) {
      if (!(thrown instanceof SweeplineError)) throw thrown;
      written.push({ name, error: thrown });
    }
  }
  return written;
}

/**
 * Writes a report of a folder, or of one file, at a path.
 * @param replace whether what is in the folder goes; a file is always replaced
 * @throws {SweeplineError} the plugin's error, or RESULT_WRITE_FAILED; in both cases no partial report is left.
 */
export function writeReport(
  { plugin, package: owner }: LoadedPlugin<ReportPlugin>,
  run: Run,
  path: string,
  { replace, known, signal }: WriteOptions & { readonly replace: boolean },
): Promise<void> {
  const { run: info, results, begun, problems } = run;
  const write = (folder: string): Promise<void> =>
    plugin.write({ folder: run.folder, run: info, results, begun, problems }, folder, signal, known);
  const invalid = (what: string): SweeplineError =>
    new SweeplineError('PLUGIN_INVALID', `report ${plugin.name} wrote no file${what}`, {
      where: { plugin: owner },
      hint: `Report this to the authors of ${owner}.`,
    });
  if (plugin.file !== undefined) {
    const { file } = plugin;
    return fillFile(path, file, async (folder, isThere) => {
      await write(folder);
      if (!(await isThere())) throw invalid(` ${file}`);
    });
  }
  return fillFolder(path, { replace }, async (folder, isEmpty) => {
    await write(folder);
    if (await isEmpty()) throw invalid('');
  });
}
