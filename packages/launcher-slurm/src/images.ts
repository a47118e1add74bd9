import { posix } from 'node:path';
import { SweeplineError, messageOf, type Executor } from '@sweepline/core';
import { bytesOf, type Agent } from '@sweepline/core/launch';
import { digestFile, recordedDigest } from './image-facts.js';
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
 * The squash file of an image on all nodes, imported where it is missing, broken, or of an image that the tag has left. A file that can
 * be read is never touched, as others may be reading it. Nodes that share its folder import it once.
 * @throws {SweeplineError} IMAGE_UNAVAILABLE
 */
export async function squashFile(
  squash: Squash,
  agents: readonly Agent[],
  common: Omit<ImageImport, 'agent' | 'squash'>,
  signal: AbortSignal,
): Promise<string> {
  const imports = agents.map((agent) => ({ ...common, agent, squash }));
  const [first] = imports;
  const digest = first && squash.isImported ? await digestOf(first.agent, squash.image, signal) : undefined;
  const files = await Promise.all(agents.map((agent) => fileFor(squash, digest, agent)));
  // One path for all: a step over several nodes names it once.
  const file = files.find((one) => one !== squash.file) ?? squash.file;
  await Promise.all(imports.map((one) => provide(file, digest, one, signal)));
  return file;
}

async function provide(
  file: string,
  digest: string | undefined,
  options: ImageImport,
  signal: AbortSignal,
): Promise<void> {
  const { agent, squash } = options;
  const isDone = async (): Promise<boolean> =>
    (await agent.run({ argv: [...IS_WHOLE, file] }, signal)).exit.code === 0;
  if (!(squash.isAnew && squash.isImported) && (await isDone())) return;
  if (!squash.isImported)
    throw await unavailable(options, `${file} is missing or broken, and isn't imported (\`import: never\`)`);
  const say = (job: string): void => options.onNote(`Slurm's job ${job} imports ${squash.image} to ${file}`);
  try {
    // Anew means once for this session, whoever has just done it.
    const isMade = squash.isAnew ? () => Promise.resolve(false) : isDone;
    const work = (): Promise<void> => importTo(file, digest, options, signal);
    await withImportLock(file, { ...options, onNote: say }, isMade, work, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown instanceof SweeplineError ? thrown : await unavailable(options, messageOf(thrown));
  }
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
    let meant = before;
    for (let tries = 1; ; tries++) {
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
    // Until the new one is recorded none is: the old one's would be taken for it.
    await agent.run({ argv: ['rm', '-f', digestFile(file)] }, never);
    const moved = await agent.run({ argv: [...own, 'mv', '-T', part, file] }, signal);
    if (moved.exit.code !== 0) throw await unavailable(options, lastLines(moved.stderr));
    if (meant !== undefined) await agent.copyIn(bytesOf(`${meant}\n`), digestFile(file));
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
