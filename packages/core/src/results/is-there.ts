import { stat } from 'node:fs';
import { access } from 'node:fs/promises';

/** Whether a file or a folder is there, as far as this user can see. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Bytes of files; undefined where there is none. A promise for each of thousands of files takes three times as long. */
export function sizesOf(paths: readonly string[]): Promise<readonly (number | undefined)[]> {
  const sizes = new Array<number | undefined>(paths.length);
  let left = paths.length;
  return new Promise((resolve) => {
    if (left === 0) resolve(sizes);
    for (const [index, path] of paths.entries())
      stat(path, (error, file) => {
        sizes[index] = error === null ? file.size : undefined;
        left -= 1;
        if (left === 0) resolve(sizes);
      });
  });
}
