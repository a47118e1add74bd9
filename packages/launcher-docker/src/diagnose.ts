import type { Diagnosis, LauncherSubject } from '@sweepline/core';
import { createLocalExecutor } from '@sweepline/core/launch';
import { findDaemon } from './daemon.js';
import { createEngine, EngineError, type Engine } from './engine.js';
import { dockerOptions, type DockerOptions } from './options.js';
import { withSlash } from './settings.js';

/**
 * Whether the daemon answers, and which images it has: those that are missing are pulled when they are needed, if they may be.
 * @throws {SweeplineError} ALLOCATION_FAILED or PLAN_UNSUPPORTED for a daemon that no container can be started with.
 */
export async function diagnose(
  { images, options: given }: LauncherSubject,
  signal: AbortSignal,
): Promise<readonly Diagnosis[]> {
  const options = dockerOptions.parse(given ?? {});
  const engine = createEngine(createLocalExecutor(), options);
  const daemon = await findDaemon(engine, signal);
  const { name, platform, isHere } = daemon;
  const agentImage = isHere ? undefined : options['agent-image'];
  const wanted = agentImage === undefined ? images : [...images, agentImage];
  const where = isHere ? 'here' : `on ${name}`;
  const looks = wanted.map((image) =>
    lookFor(withSlash(image), engine, { where, pull: options.pull }, signal),
  );
  const from = isHere ? '' : ` on ${name}, which is another machine`;
  const answers: Diagnosis = { state: 'ok', message: `${options.program} answers${from} (${platform})` };
  return [answers, ...(await Promise.all(looks))];
}

async function lookFor(
  image: string,
  engine: Engine,
  { where, pull }: { readonly where: string } & Pick<DockerOptions, 'pull'>,
  signal: AbortSignal,
): Promise<Diagnosis> {
  try {
    await engine.inspect('image', [image], signal);
    return { state: 'ok', message: `image ${image} is ${where}` };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (pull !== 'never')
      return { state: 'ok', message: `image ${image} is not ${where} and will be pulled` };
    return {
      ...{ state: 'problem', code: 'IMAGE_UNAVAILABLE' },
      message: `image ${image} is not ${where}, and the cluster's entry has \`pull: never\``,
      hint: engine.argv('pull', image).join(' '),
    };
  }
}
