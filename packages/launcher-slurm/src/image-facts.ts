import { SweeplineError, type Executor, type ImageFacts } from '@sweepline/core';

/** Architectures by what `uname -m` prints, as images name them. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** Where the digest of the image is recorded that a squash file was made from. */
export function digestFile(file: string): string {
  return `${file}.digest`;
}

/** The digest that was recorded with a squash file; undefined of files of others. */
export async function recordedDigest(agent: Executor, file: string): Promise<string | undefined> {
  const bytes = await agent.read(digestFile(file), { from: 0, length: 100 }).catch(() => new Uint8Array());
  return /^sha256:[0-9a-f]{64}$/.exec(Buffer.from(bytes).toString().trim())?.[0];
}

/**
 * What the squash file of an image is on all nodes.
 * @throws {SweeplineError} IMAGE_UNAVAILABLE where nodes with folders of their own have different ones
 */
export async function sameFacts(
  image: string,
  file: string,
  agents: readonly Executor[],
  signal: AbortSignal,
): Promise<ImageFacts> {
  const all = await Promise.all(agents.map((agent) => imageFacts(agent, file, signal)));
  const [first = { platform: 'unknown' }] = all;
  const other = all.findIndex(({ digest }) => digest !== first.digest);
  if (other === -1) return first;
  const [here, there] = [agents[0]?.node.name, agents[other]?.node.name ?? ''];
  const message = `${file} is another image on ${there} (${all[other]?.digest ?? 'unknown'}) than on ${here} (${first.digest ?? 'unknown'}): ${image} has moved`;
  throw new SweeplineError('IMAGE_UNAVAILABLE', message, {
    where: { node: there },
    hint: 'Remove the file on both, or give `squash` in configs/clusters.yaml a folder that the nodes share.',
  });
}

/** enroot imports what is for its own machine. */
async function imageFacts(agent: Executor, file: string, signal: AbortSignal): Promise<ImageFacts> {
  const { stdout } = await agent.run({ argv: ['uname', '-m'] }, signal);
  const machine = stdout.trim();
  const digest = await recordedDigest(agent, file);
  return {
    ...(digest !== undefined && { digest }),
    platform: `linux/${ARCHITECTURES[machine] ?? machine}`,
  };
}
