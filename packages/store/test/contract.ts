import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the ingest of InferenceX's dashboard reads of a folder. */
interface Ingested {
  readonly benchmarks: readonly {
    readonly file: string;
    readonly hardware: string;
    readonly model: string;
    readonly gpus: readonly number[];
    readonly row: Readonly<Record<string, unknown>>;
    readonly log: boolean;
  }[];
  readonly evals: readonly Readonly<Record<string, unknown>>[];
  readonly stats: Readonly<Record<string, unknown>>;
  readonly changelogs: readonly unknown[];
  /** What it would skip or misread. */
  readonly problems: readonly string[];
}

const CONTRACT = new URL('../../../checks/artifacts/contract.js', import.meta.url).href;
export const { ingest } = (await import(CONTRACT)) as { readonly ingest: (folder: string) => Ingested };

/** Reasons of what an export holds back, by its name. */
export async function reasonsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const { heldBack } = JSON.parse(await readFile(join(folder, 'held-back.json'), 'utf8')) as {
    readonly heldBack: readonly { readonly name: string; readonly remarks: readonly string[] }[];
  };
  return Object.fromEntries(heldBack.map(({ name, remarks }) => [name, remarks.join('; ')]));
}
