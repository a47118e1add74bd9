import { join } from 'node:path';
import type { Executor } from '@sweepline/core';

/**
 * Logs of containers on another machine. The clients of the containers are on this one, and so are the files that they write: they are
 * there even if the connection breaks. Whoever asks that machine for them gets these.
 */
export interface Logs {
  /** The file on this machine that a client writes. */
  readonly fileOf: (log: string) => string;
  /** An executor of that machine that has these logs. */
  on(executor: Executor): Executor;
}

/** @param here an executor of this machine, in whose folder the files are */
export function createLogs(here: Executor): Logs {
  const files = new Map<string, string>();
  const newFile = (log: string): string => {
    const file = join(here.workDir, `container-${files.size}.log`);
    files.set(log, file);
    return file;
  };
  return {
    fileOf: (log) => files.get(log) ?? newFile(log),
    on(executor) {
      const placeOf = (path: string): [Executor, string] => {
        const file = files.get(path);
        return file === undefined ? [executor, path] : [here, file];
      };
      return {
        ...executor,
        read(path, range) {
          const [at, file] = placeOf(path);
          return at.read(file, range);
        },
        copyOut(path) {
          const [at, file] = placeOf(path);
          return at.copyOut(file);
        },
        follow(path, signal) {
          const [at, file] = placeOf(path);
          return at.follow(file, signal);
        },
      };
    },
  };
}
