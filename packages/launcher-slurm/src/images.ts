import { posix } from 'node:path';
import { SweeplineError, messageOf, type Executor, type ImageFacts } from '@sweepline/core';
import { bytesOf } from '@sweepline/core/launch';
import { partOf, withImportLock, type ImportLock } from './import-lock.js';
import type { Squash } from './squash.js';

/** Checks that a squash file can be read to its end; the list of files is thrown away. */
const IS_WHOLE = ['sh', '-c', 'exec unsquashfs -l "$1" > /dev/null', 'sweepline-check'];
/** What registries are asked by, the first that a node has: enroot (from 3.5 on), skopeo. */
const DIGEST_PROGRAMS = [
  (image: string) => ['enroot', 'digest', `docker://${image}`],
  (image: string) => ['skopeo', 'inspect', '--format', '{{.Digest}}', `docker://${image.replace('#', '/')}`],
];
/** Times an image is imported whose tag moves meanwhile. */
const TRIES = 2;

export interface ImageImport extends Pick<ImportLock, 'agent' | 'controller' | 'owner'> {
  readonly squash: Squash;
  readonly onNote: (why: string) => void;
}

/**
 * The squash file of an image on a node, imported there if it is missing, broken, or of an image that the tag has left. A file that can
 * be read is never touched, as others may be reading it.
 * @throws {SweeplineError} IMAGE_UNAVAILABLE
 */
export async function squashFile(options: ImageImport, signal: AbortSignal): Promise<string> {
  const { agent, squash } = options;
  const isWhole = async (file: string): Promise<boolean> =>
    (await agent.run({ argv: [...IS_WHOLE, file] }, signal)).exit.code === 0;
  if (!squash.isImported) {
    if (await isWhole(squash.file)) return squash.file;
    throw await unavailable(
      options,
      `${squash.file} is missing or broken, and isn't imported (\`import: never\`)`,
    );
  }
  const digest = await digestOf(agent, squash.image, signal);
  const file = await fileFor(squash, digest, agent);
  const isDone = (): Promise<boolean> => isWhole(file);
  if (!squash.isAnew && (await isDone())) return file;
  const say = (job: string): void => options.onNote(`Slurm's job ${job} imports ${squash.image} to ${file}`);
  try {
    // Anew means once for this session, whoever has just done it.
    const isMade = squash.isAnew ? () => Promise.resolve(false) : isDone;
    await withImportLock(
      file,
      { ...options, onNote: say },
      isMade,
      () => importTo(file, digest, options, signal),
      signal,
    );
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown instanceof SweeplineError ? thrown : await unavailable(options, messageOf(thrown));
  }
  return file;
}

/** A tag that has moved since its file was made gets another file, named after what it means now. */
async function fileFor({ file }: Squash, digest: string | undefined, agent: Executor): Promise<string> {
  const recorded = await recordedDigest(agent, file);
  if (digest === undefined || recorded === undefined || recorded === digest) return file;
  const { dir, name, ext } = posix.parse(file);
  return posix.join(dir, `${name}.${digest.replace('sha256:', '').slice(0, 12)}${ext}`);
}

async function importTo(
  file: string,
  before: string | undefined,
  options: ImageImport,
  signal: AbortSignal,
): Promise<void> {
  const { agent, owner, squash } = options;
  const part = partOf(file, owner);
  const own = squash.sudo ? ['sudo'] : [];
  const never = new AbortController().signal;
  try {
    for (let tries = 1, meant = before; ; tries++) {
      options.onNote(`${squash.image} is imported to ${file} on ${agent.node.name}`);
      const argv = [...own, 'enroot', 'import', '--output', part, `docker://${squash.image}`];
      const imported = await agent.run({ argv }, signal);
      if (imported.exit.code !== 0) throw await unavailable(options, lastLines(imported.stderr));
      const checked = await agent.run({ argv: [...own, ...IS_WHOLE, part] }, signal);
      if (checked.exit.code !== 0)
        throw await unavailable(options, `what was imported can't be read: ${lastLines(checked.stderr)}`);
      const after = await digestOf(agent, squash.image, signal);
      if (meant === after) break;
      if (tries === TRIES) throw await unavailable(options, `its tag moves: ${meant}, then ${after}`);
      meant = after;
      await agent.run({ argv: [...own, 'rm', '-f', part] }, signal);
    }
    if (before !== undefined) await agent.copyIn(bytesOf(`${before}\n`), digestFile(file));
    const moved = await agent.run({ argv: [...own, 'mv', '-T', part, file] }, signal);
    if (moved.exit.code !== 0) throw await unavailable(options, lastLines(moved.stderr));
  } finally {
    await agent.run({ argv: [...own, 'rm', '-f', part] }, never);
  }
}

/** What a tag means now; undefined where nobody says. */
async function digestOf(agent: Executor, image: string, signal: AbortSignal): Promise<string | undefined> {
  for (const argvFor of DIGEST_PROGRAMS) {
    const asked = await agent.run({ argv: argvFor(image) }, signal).catch(() => undefined);
    const digest = /^(?:sha256:)?([0-9a-f]{64})$/m.exec(asked?.stdout.trim() ?? '')?.[1];
    if (digest !== undefined) return `sha256:${digest}`;
  }
  return undefined;
}

/** The digest that was recorded with a squash file; undefined of files of others. */
async function recordedDigest(agent: Executor, file: string): Promise<string | undefined> {
  const bytes = await agent.read(digestFile(file), { from: 0, length: 100 }).catch(() => new Uint8Array());
  return /^sha256:[0-9a-f]{64}$/.exec(Buffer.from(bytes).toString().trim())?.[0];
}

/** Architectures by what `uname -m` prints, as images name them. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** What a squash file is: enroot imports what is for its own machine. */
export async function imageFacts(agent: Executor, file: string, signal: AbortSignal): Promise<ImageFacts> {
  const { stdout } = await agent.run({ argv: ['uname', '-m'] }, signal);
  const machine = stdout.trim();
  const digest = await recordedDigest(agent, file);
  return {
    ...(digest !== undefined && { digest }),
    platform: `linux/${ARCHITECTURES[machine] ?? machine}`,
  };
}

function digestFile(file: string): string {
  return `${file}.digest`;
}

/** With what imports fail of: the machine, its file system, the room there. */
async function unavailable({ agent, squash }: ImageImport, why: string): Promise<SweeplineError> {
  const ask = async (...argv: string[]): Promise<string> =>
    (await agent.run({ argv }, new AbortController().signal).catch(() => undefined))?.stdout.trim() ?? '';
  const machine = await ask('uname', '-m');
  const disk = (await ask('df', '-PT', posix.dirname(squash.file))).split('\n').at(-1)?.split(/\s+/) ?? [];
  const [, type, , , freeKiB] = disk;
  const room = freeKiB === undefined ? '' : `, ${type} with ${Math.floor(Number(freeKiB) / 1024)} MiB free`;
  const { name } = agent.node;
  return new SweeplineError('IMAGE_UNAVAILABLE', `${squash.image} can't be had on ${name}: ${why}`, {
    where: { node: name },
    hint: `Look at ${posix.dirname(squash.file)} there (${machine}${room}), and whether the registry has the image.`,
  });
}

/** enroot's own words are at the end. */
function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join('; ');
}
