import { SweeplineError, z, type ImageFacts, type NodeRequest } from '@sweepline/core';
import type { Daemon } from './daemon.js';
import { EngineError, isUnreachable, type Engine } from './engine.js';
import { imageError } from './image-errors.js';
import type { DockerOptions } from './options.js';

/** Milliseconds between two lines that say how far a pull has come. */
const NOTE_MS = 15_000;

/** Images by name, each looked for once: what a tag means is settled for the session. */
export interface Images {
  /** @throws {SweeplineError} IMAGE_UNAVAILABLE */
  get(name: string, signal: AbortSignal): Promise<ImageFacts>;
}

export interface ImageSource {
  readonly engine: Engine;
  readonly daemon: Daemon;
  readonly pull: DockerOptions['pull'];
  /** The user asks for a platform; the daemon's own is not expected then. */
  readonly isPlatformChosen: boolean;
  readonly onNote: NonNullable<NodeRequest['onNote']>;
}

export function createImages(source: ImageSource): Images {
  const known = new Map<string, Promise<ImageFacts>>();
  return {
    get(name, signal) {
      const image = known.get(name) ?? find(name, source, signal);
      known.set(name, image);
      return image;
    },
  };
}

async function find(name: string, source: ImageSource, signal: AbortSignal): Promise<ImageFacts> {
  const { engine, pull } = source;
  const before = await inspect(name, engine, signal);
  if (before !== undefined && pull !== 'always') return onPlatform(name, before, source);
  const node = engine.host.node.name;
  if (pull === 'never') {
    throw imageError(name, `it is not on the node, and the cluster's entry has \`pull: never\``, node);
  }
  await pullImage(name, source, signal);
  const image = await inspect(name, engine, signal);
  if (image === undefined) throw imageError(name, 'it was pulled, and is not there', node);
  return onPlatform(name, image, source);
}

const inspected = z
  .array(
    z.looseObject({
      Id: z.string(),
      RepoDigests: z.array(z.string()).nullish(),
      Os: z.string(),
      Architecture: z.string(),
      Variant: z.string().optional(),
    }),
  )
  .min(1);

/** Undefined where the engine hasn't got it. @throws {SweeplineError} ALLOCATION_FAILED where the engine doesn't answer. */
async function inspect(name: string, engine: Engine, signal: AbortSignal): Promise<ImageFacts | undefined> {
  let answer: unknown;
  try {
    answer = await engine.inspect('image', [name], signal);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (!isUnreachable(error)) return undefined;
    throw new SweeplineError('ALLOCATION_FAILED', `${engine.program} does not answer: ${error.message}`, {
      where: { node: engine.host.node.name },
      again: true,
    });
  }
  const [{ Id, RepoDigests, Os, Architecture, Variant = '' }] = inspected.parse(answer) as [
    z.output<typeof inspected>[number],
  ];
  const digest = digestOf(name, RepoDigests ?? []);
  return {
    id: Id,
    ...(digest !== undefined && { digest }),
    platform: [Os, Architecture, ...(Variant === '' ? [] : [Variant])].join('/'),
  };
}

/** That of the repository that it is named by: an image may have been pulled under several names. */
function digestOf(name: string, digests: readonly string[]): string | undefined {
  const repository = name.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const found = digests.find((one) => {
    const [from = ''] = one.split('@');
    return from === repository || from.endsWith(`/${repository}`);
  });
  return (found ?? digests[0])?.split('@')[1];
}

function onPlatform(
  name: string,
  image: ImageFacts,
  { daemon, engine, isPlatformChosen }: ImageSource,
): ImageFacts {
  const isRight = image.platform === daemon.platform || image.platform.startsWith(`${daemon.platform}/`);
  if (isRight || isPlatformChosen) return image;
  const words = `the image is for ${image.platform}, the node is ${daemon.platform}: it does not match the specified platform`;
  throw imageError(name, words, engine.host.node.name);
}

/** Its only limit is the signal: images of engines have tens of gigabytes. */
async function pullImage(name: string, { engine, onNote }: ImageSource, signal: AbortSignal): Promise<void> {
  onNote(`pulling ${name} on ${engine.host.node.name}`);
  const begin = performance.now();
  const client = await engine.host.spawn({ argv: engine.argv('pull', name) }, signal);
  let last = '';
  const progress = setInterval(
    () => onNote(`pulling ${name}: ${last || lastLine(client.errorTail())}`),
    NOTE_MS,
  );
  const stop = (): void => void client.stop(0);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of client.lines()) last = line;
    const { code } = await client.exited;
    signal.throwIfAborted();
    if (code !== 0) throw imageError(name, client.errorTail() || last, engine.host.node.name);
    onNote(`pulled ${name} in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  } finally {
    clearInterval(progress);
    signal.removeEventListener('abort', stop);
  }
}

function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? ''
  );
}
