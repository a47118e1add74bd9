import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Bytes of a result file that is read: one with every request's times is larger than its aggregate by far. */
const LARGEST_BYTES = 512 * 1024 * 1024;
const LOG = /\.(?:log|out|err)$/;

/** A result of benchmark_serving.py that a delegate's job left. */
export interface DelegateResult {
  /** Relative to the folder that was looked through. */
  readonly file: string;
  readonly concurrency: number;
  /** Its keys, without what it has of single requests. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Results below a folder, and the paths of its logs. Files that are cut off, or something else, are none. */
export async function readResults(
  folder: string,
): Promise<{ readonly results: readonly DelegateResult[]; readonly logs: readonly string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const jsons = files.filter((file) => file.endsWith('.json')).sort();
  const results = await Promise.all(jsons.map((file) => readResult(folder, file)));
  return { results: results.flat(), logs: files.filter((file) => LOG.test(file)).sort() };
}

async function readResult(folder: string, file: string): Promise<readonly DelegateResult[]> {
  if ((await stat(file)).size > LARGEST_BYTES) return [];
  const content = parsed(await readFile(file, 'utf8'));
  const { max_concurrency: concurrency, completed, duration } = content;
  if (typeof concurrency !== 'number' || typeof completed !== 'number' || typeof duration !== 'number')
    return [];
  const raw = Object.fromEntries(Object.entries(content).filter(([, value]) => !Array.isArray(value)));
  return [{ file: relative(folder, file), concurrency, raw }];
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
