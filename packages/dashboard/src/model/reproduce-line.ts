import type { PointDetail } from '../site/site-data.js';
import { shellLine } from './shell-line.js';

/** Lines for a POSIX shell that measure a point again: the file that its arguments name, then the command. */
export function reproduceLines({ reproduce, job, load }: PointDetail): readonly string[] | undefined {
  if (reproduce === undefined) return undefined;
  const files = [
    ['job.json', job === undefined ? undefined : [job]],
    ['load.json', load],
  ] as const;
  const written = files.flatMap(([name, content]) =>
    reproduce.includes(name) && content !== undefined
      ? [`${shellLine(['printf', '%s\\n', JSON.stringify(content)])} > ${name}`]
      : [],
  );
  return [...written, shellLine(reproduce)];
}
