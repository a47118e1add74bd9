import { note, type Mark } from './mark.js';

/** A note where a server's log could not be read: then what the engine runs with is not known from it. */
export function logMarks(
  logs: readonly { readonly file: string; readonly problem?: string }[],
): readonly Mark[] {
  return logs.flatMap(({ file, problem }) =>
    problem === undefined ? [] : [note('log-unreadable', `${file} could not be read: ${problem}`)],
  );
}

/** A note where a launcher has removed files of a point, which were written again from what was read of them. */
export function filesRestored(launcher: string, files: readonly string[]): Mark {
  const message =
    `launcher ${launcher} removed files of the point's folder; these were written again, ` +
    `of long logs the beginning and the end: ${files.join(', ')}`;
  return note('files-restored', message);
}
