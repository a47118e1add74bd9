import { execa } from 'execa';

/** Puts a file system of this size over a folder; says why where that can't be done. */
export async function mountSmallDisk(folder: string, size: string): Promise<string | undefined> {
  const mounted = await execa('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
    reject: false,
  });
  return mounted.failed ? `a small file system can't be mounted here: ${mounted.stderr}` : undefined;
}
