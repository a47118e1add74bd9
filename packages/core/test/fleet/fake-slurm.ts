import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SLURM = fileURLToPath(new URL('../fixtures/slurm/slurm.js', import.meta.url));

export interface StoredJob {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

/** Puts Slurm's programs, over jobs in files, into a folder that comes first on the PATH. */
export async function installSlurm(bin: string): Promise<void> {
  await mkdir(bin);
  for (const program of ['sbatch', 'squeue', 'sacct', 'scancel']) {
    await writeFile(join(bin, program), `#!/bin/sh\nexec '${process.execPath}' '${SLURM}' ${program} "$@"\n`);
    await chmod(join(bin, program), 0o755);
  }
  process.env['PATH'] = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
}

/** The folder of the jobs from now on. */
export function useSlurm(folder: string): void {
  process.env['FAKE_SLURM'] = folder;
}

export async function storedJobs(): Promise<readonly StoredJob[]> {
  const home = process.env['FAKE_SLURM'] ?? '';
  const files = (await readdir(home).catch(() => [])).filter((name) => /^\d+\.json$/.test(name));
  return Promise.all(
    files.sort().map(async (name) => JSON.parse(await readFile(join(home, name), 'utf8')) as StoredJob),
  );
}
