import { note, type Mark } from './mark.js';

/** A note if a server's log could not be read: it then can't show which settings the engine runs with. */
export function logMarks(
  logs: readonly { readonly file: string; readonly problem?: string }[],
): readonly Mark[] {
  return logs.flatMap(({ file, problem }) =>
    problem === undefined ? [] : [note('log-unreadable', `${file} could not be read: ${problem}`)],
  );
}
