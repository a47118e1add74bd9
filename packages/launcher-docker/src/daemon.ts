import { hostname, release } from 'node:os';
import { SweeplineError, messageOf, z } from '@sweepline/core';
import { EngineError, type Engine } from './engine.js';

/** The machine that containers run on. */
export interface Daemon {
  readonly name: string;
  readonly kernel: string;
  /** As images write it: `linux/amd64`. */
  readonly platform: string;
  readonly isRootless: boolean;
}

/** A daemon, and whether its machine is the one that Sweepline runs on. */
export interface PlacedDaemon extends Daemon {
  readonly isHere: boolean;
}

/** Go's names of architectures, where the kernel's are others. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm',
};

const text = z.string();
const dockerInfo = z
  .looseObject({
    Name: text,
    KernelVersion: text,
    OSType: text,
    Architecture: text,
    SecurityOptions: z.array(text).nullish(),
  })
  .transform(({ Name, KernelVersion, OSType, Architecture, SecurityOptions }): Daemon => ({
    name: Name,
    kernel: KernelVersion,
    platform: `${OSType}/${ARCHITECTURES[Architecture] ?? Architecture}`,
    isRootless: SecurityOptions?.includes('name=rootless') ?? false,
  }));
const podmanInfo = z
  .looseObject({ host: z.looseObject({ hostname: text, kernel: text, os: text, arch: text }) })
  // Without root, podman's host network is the machine's own nevertheless.
  .transform(({ host: { hostname: name, kernel, os, arch } }): Daemon => ({
    ...{ name, kernel, platform: `${os}/${arch}`, isRootless: false },
  }));

/** @throws {SweeplineError} ALLOCATION_FAILED where it can't be reached, PLAN_UNSUPPORTED for one that no plan can be run on. */
export async function findDaemon(engine: Engine, signal: AbortSignal): Promise<PlacedDaemon> {
  const daemon = await daemonOf(engine, signal);
  const { program } = engine;
  const isHere = daemon.name === hostname() && daemon.kernel === release();
  if (!isHere && program === 'podman') {
    throw new SweeplineError(
      'PLAN_UNSUPPORTED',
      `podman runs containers on ${daemon.name} (Linux ${daemon.kernel}), and Sweepline runs on ${hostname()} (Linux ${release()})`,
      { hint: 'Run Sweepline on that machine, or use docker, which may be on another one.' },
    );
  }
  if (daemon.isRootless) {
    throw new SweeplineError(
      'PLAN_UNSUPPORTED',
      'this docker runs without root, and the ports of its containers are not those of the machine',
      { hint: 'Set `program: podman`, whose containers have them without root, or use the docker of root.' },
    );
  }
  return { ...daemon, isHere };
}

async function daemonOf(engine: Engine, signal: AbortSignal): Promise<Daemon> {
  const { program, host } = engine;
  const schema = program === 'docker' ? dockerInfo : podmanInfo;
  try {
    const info: unknown = JSON.parse(await engine.ask(['info', '--format', '{{json .}}'], signal));
    const { ServerErrors: problems } = z.looseObject({ ServerErrors: z.array(text).nullish() }).parse(info);
    if (problems != null && problems.length > 0) throw new EngineError(problems.join('; '));
    return schema.parse(info);
  } catch (cause) {
    if (cause instanceof SweeplineError || signal.aborted) throw cause;
    throw unreachable(program, host.node.name, messageOf(cause), cause);
  }
}

function unreachable(program: string, node: string, words: string, cause: unknown): SweeplineError {
  const isDenied = /permission denied/i.test(words);
  const said = words.split('\n').at(-1) ?? '';
  const message = isDenied
    ? `this user may not use ${program}: ${said}`
    : `${program} does not answer: ${said}`;
  return new SweeplineError('ALLOCATION_FAILED', message, {
    where: { node },
    hint: isDenied
      ? 'Ask for membership in the group `docker`, which has the rights of root; or set `program: podman`.'
      : `Start its daemon, or point DOCKER_HOST or \`docker-context:\` to one; \`${program} info\` says whether it answers.`,
    cause,
  });
}
