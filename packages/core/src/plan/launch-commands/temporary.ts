/** Folders of a job are called after it, which the original's have only at random. */
export function temporaryPath(path: string, strict: boolean): string {
  return strict ? path : path.replace('XXXXXX', '{job-id}');
}
