import { SweeplineError, messageOf, toSweeplineError } from '../../errors.js';
import type { Executor, Output } from '../../plugin/node.js';
import type { ClientBundle } from './client-bundle.js';

/** What the client says without a spec. */
const USAGE = 'usage: node load-client.mjs';

/** What loaders and kernels say of a program that does not suit a system, and what it means. */
const REASONS: readonly (readonly [pattern: RegExp, reason: (match: RegExpExecArray) => string])[] = [
  [/version `(GLIBC_[\d.]+)' not found/, ([, version]) => `its glibc is too old: it has no ${version}`],
  [
    /version `((?:GLIBCXX|CXXABI)_[\d.]+)' not found/,
    ([, version]) => `its libstdc++ is too old: it has no ${version}`,
  ],
  [/(lib[\w+-]+\.so[\d.]*): cannot open shared object file/, ([, name]) => `${name} is not installed there`],
  // Some give what the kernel can't run to a shell.
  [/exec format error|ENOEXEC|syntax error|ELF.*: not found/i, () => 'it has another architecture'],
  // What the kernel doesn't find is not the program, where that was put there, but what loads it.
  [
    /no such file or directory|ENOENT|not found|is not installed/i,
    () => 'it has no glibc (Alpine Linux has musl), or the client is not there',
  ],
  [/permission denied|EACCES/i, () => 'programs in that folder may not be run (noexec), or not by this user'],
];

/**
 * Starts the client of a bundle that lies in a folder of a node, without a load: better known before a server is started.
 * @throws {SweeplineError} CLIENT_UNUSABLE with the reason when it doesn't run there
 */
export async function assertClientRuns(
  { command, manifest }: ClientBundle,
  folder: string,
  executor: Pick<Executor, 'node' | 'run'>,
  signal: AbortSignal,
): Promise<void> {
  const output = await executor.run({ argv: command(folder) }, signal).catch((thrown: unknown) => thrown);
  if (isOutput(output) && output.stderr.includes(USAGE)) return;
  signal.throwIfAborted();
  const said = isOutput(output) ? output.stderr.trim() : messageOf(output);
  const { arch, node, requires } = manifest;
  const message = `the client (Node.js ${node} for ${arch}) does not run on ${executor.node.name}: ${reasonOf(said) ?? 'it says'}: ${lastLine(said)}`;
  throw new SweeplineError('CLIENT_UNUSABLE', message, {
    where: { file: folder },
    hint: `The client needs Linux for ${arch} with glibc ${requires.glibc ?? 'of any version'} and libstdc++; --node FILE of \`sweepline client bundle\` takes another architecture's Node.js.`,
    cause: isOutput(output) ? undefined : toSweeplineError(output, 'CLIENT_UNUSABLE'),
  });
}

function isOutput(value: unknown): value is Output {
  return typeof value === 'object' && value !== null && 'stderr' in value && 'exit' in value;
}

function reasonOf(said: string): string | undefined {
  for (const [pattern, reason] of REASONS) {
    const match = pattern.exec(said);
    if (match !== null) return reason(match);
  }
  return undefined;
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
