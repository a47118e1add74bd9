import { note, type Mark } from './mark.js';

/** A note where a server's log could not be read: then what the engine runs with is not known from it. */
export function logMarks(
  logs: readonly { readonly file: string; readonly problem?: string }[],
): readonly Mark[] {
  return logs.flatMap(({ file, problem }) =>
    problem === undefined ? [] : [note('log-unreadable', `${file} could not be read: ${problem}`)],
  );
}
