import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { latestRun, readRun, SweeplineError, type CommandContext } from '@sweepline/core';
import dashboard from '../src/commands/dashboard.js';

export type TestResult = Readonly<Record<string, unknown>> & { readonly name: string };

/** A workspace in a temporary folder, whose commands run in this process. */
export interface SiteWorkspace extends AsyncDisposable {
  readonly root: string;
  write(path: string, content: unknown): Promise<void>;
  writeRun(id: string, results: readonly TestResult[]): Promise<void>;
  /** Runs `sweepline dashboard` with arguments; gives what it said. */
  run(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly said: string }>;
  read(path: string): Promise<string>;
}

export async function makeSiteWorkspace(): Promise<SiteWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-dashboard-'));
  const resultsDir = join(root, 'results');
  await mkdir(resultsDir);
  const write = async (path: string, content: unknown): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  return {
    ...{ root, write },
    async writeRun(id, results) {
      const run = { schema: 'sweepline.run/2', id, sweepline: '1.0.0', state: 'finished', outputs: [] };
      await write(`results/${id}/run.json`, { ...run, points: results.length });
      const lines = results.map((result) =>
        JSON.stringify({ v: 1, folder: `points/${result.name}`, result }),
      );
      await write(`results/${id}/results.ndjson`, `${lines.join('\n')}\n`);
      for (const result of results) await write(`results/${id}/points/${result.name}/result.json`, result);
    },
    async run(...args) {
      const said: string[] = [];
      const say = (text: string): unknown => said.push(text);
      const context: CommandContext = {
        ...{ args, cwd: root, root, resultsDir, signal: new AbortController().signal },
        terminal: { stdout: say, stderr: say, interactive: false, columns: 120 },
        logger: { info: say, warn: say, error: say },
        skus: () => Promise.resolve([]),
        runs: { latest: () => latestRun(resultsDir), read: readRun },
      };
      const exitCode = await Promise.resolve(dashboard(context)).catch((error: unknown) => {
        if (!(error instanceof SweeplineError)) throw error;
        said.push(`${error.code}: ${error.message}`);
        return 99;
      });
      return { exitCode, said: said.join('\n') };
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
