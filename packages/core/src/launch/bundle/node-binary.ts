import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { SweeplineError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';
import { NotElf, readElf, type Elf } from './elf.js';

/** Machines by `e_machine`, as Node.js calls them (process.arch). */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  21: 'ppc64',
  22: 's390x',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

/** The oldest system that a bundle runs on: what Red Hat Enterprise Linux 8 has, glibc 2.28 and the libstdc++ of GCC 8. */
const OLDEST = { GLIBC: '2.28', GLIBCXX: '3.4.25' } as const;
type Library = keyof typeof OLDEST;
const NAMES: Readonly<Record<Library, string>> = { GLIBC: 'glibc', GLIBCXX: 'libstdc++' };

/** The libraries of glibc, libstdc++ and the one that comes with it. */
const EVERYWHERE =
  /^(?:ld-linux[-\w]*|ld64|libc|libm|libdl|libpthread|librt|libutil|libresolv|libstdc\+\+|libgcc_s)\.so\.\d+$/;

/** Of @sweepline/core's `engines`. */
const OLDEST_NODE = '20.19.0';
/** What its inspector says of itself (src/inspector_socket_server.cc): the version in a binary that can't be run here. */
const VERSION = /node\.js\/v(\d+\.\d+\.\d+)/;
const LONGEST_VERSION = 64;

/** A Node.js binary that can be copied to other machines. */
export interface NodeBinary {
  readonly file: string;
  readonly version: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** Version of glibc, and of libstdc++ by its symbols, that the machine must have; absent where it needs none. */
  readonly glibc?: string;
  readonly libstdcxx?: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads of a Node.js binary, of whatever architecture, what it needs to run.
 * @throws {SweeplineError} CLIENT_UNUSABLE when it would not run on any machine with glibc 2.28 and libstdc++.
 */
export async function inspectNode(file: string): Promise<NodeBinary> {
  const elf = await readElf(file).catch((cause: unknown) => {
    throw unusable(file, cause instanceof NotElf ? cause.message : fileProblem(cause), cause);
  });
  const arch = ARCHITECTURES[elf.machine];
  if (arch === undefined) throw unusable(file, `it is for an unknown machine (${elf.machine})`);
  const problem = libraryProblem(elf);
  if (problem !== undefined) throw unusable(file, problem);
  const { version, ...content } = await contentOf(file);
  if (version === undefined) throw unusable(file, 'it is not Node.js');
  if (isNewer(OLDEST_NODE, version))
    throw unusable(file, `it is Node.js ${version}, and the client needs ${OLDEST_NODE} or newer`);
  const [glibc, libstdcxx] = [newest(elf, 'GLIBC'), newest(elf, 'GLIBCXX')];
  return {
    ...{ file, version, arch },
    ...(glibc !== undefined && { glibc }),
    ...(libstdcxx !== undefined && { libstdcxx }),
    ...content,
  };
}

function libraryProblem(elf: Elf): string | undefined {
  const { interpreter = '', libraries } = elf;
  if ([interpreter, ...libraries].some((name) => /musl/.test(name)))
    return 'it is built for musl (Alpine Linux), not for glibc';
  const others = libraries.filter((name) => !EVERYWHERE.test(name));
  if (others.length > 0) return `it needs ${others.join(', ')}, which not every machine has`;
  for (const library of Object.keys(OLDEST) as Library[]) {
    const version = newest(elf, library);
    if (version !== undefined && isNewer(version, OLDEST[library]))
      return `it needs ${NAMES[library]} ${version}, newer than ${OLDEST[library]}`;
  }
  return undefined;
}

/** The newest version of a library that symbols are asked in. */
function newest({ versions }: Elf, library: Library): string | undefined {
  return versions
    .flatMap((version) => (version.startsWith(`${library}_`) ? [version.slice(library.length + 1)] : []))
    .reduce<string | undefined>(
      (best, one) => (best === undefined || isNewer(one, best) ? one : best),
      undefined,
    );
}

/** Versions are numbers with dots; `GLIBC_PRIVATE` is older than all. */
function isNewer(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

async function contentOf(file: string): Promise<Pick<NodeBinary, 'bytes' | 'sha256'> & { version?: string }> {
  const hash = createHash('sha256');
  let [bytes, tail, version] = [0, '', undefined as string | undefined];
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const part = chunk as Buffer;
    hash.update(part);
    bytes += part.length;
    if (version !== undefined) continue;
    const text = tail + part.toString('latin1');
    version = VERSION.exec(text)?.[1];
    tail = text.slice(-LONGEST_VERSION);
  }
  return { bytes, sha256: hash.digest('hex'), ...(version !== undefined && { version }) };
}

function unusable(file: string, why: string, cause?: unknown): SweeplineError {
  return new SweeplineError('CLIENT_UNUSABLE', `${file} can't be the client's Node.js: ${why}`, {
    where: { file },
    hint: `Give a Linux binary of Node.js ${OLDEST_NODE} or newer with --node, such as bin/node of the archives at nodejs.org.`,
    cause,
  });
}
