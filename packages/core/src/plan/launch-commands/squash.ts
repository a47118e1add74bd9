import type { JobMatch, SlurmAccess } from '../../plugin/cluster.js';
import type { Launch, LaunchCommand } from './launch.js';

/** Leaves a file alone that can be read; arguments: the file, and the image. */
const IMPORT = 'unsquashfs -l "$1" > /dev/null 2>&1 || { rm -f "$1"; enroot import -o "$1" "docker://$2"; }';

/** Where the image comes from: a squash file, or the reference, which pyxis gets by itself. */
export function imageSource({ job, image = '', fill }: Launch, access: SlurmAccess): string {
  const { squash, unsquashed } = access;
  return squash === undefined || matches(unsquashed, job) ? image : fill(squash);
}

/** Makes the squash file on the node, whose own disk it may be on. */
export function imageCommands(launch: Launch, access: SlurmAccess): readonly LaunchCommand[] {
  const { job, image, strict } = launch;
  if (image === undefined || access.import === 'never') return [];
  const file = imageSource(launch, access);
  if (file === image) return [];
  const sudo = access.sudo ? ['sudo'] : [];
  const onNode = (argv: readonly string[]): LaunchCommand => ({
    argv: ['srun', '--jobid={job-id}', ...argv],
    env: {},
  });
  const anew = matches(access['import-anew'], job) ? [onNode([...sudo, 'rm', '-f', file])] : [];
  if (!strict) return [...anew, onNode([...sudo, 'sh', '-c', IMPORT, 'import', file, image])];
  return [
    ...anew,
    onNode([...sudo, 'enroot', 'import', '-o', file, `docker://${image}`]),
    onNode([...sudo, 'unsquashfs', '-l', file]),
  ];
}

function matches(rules: readonly JobMatch[], job: Launch['job']): boolean {
  return rules.some(
    ({ model = job.model, framework = job.framework }) => model === job.model && framework === job.framework,
  );
}
