import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SweeplineError, messageOf } from '../../errors.js';
import { inspectNode } from './node-binary.js';

/*
 * Sweepline's programs for machines without Node.js: a Node.js binary and one JavaScript file for each, made when core is built
 * (tools/bundle-client.js).
 */

export const CLIENT_SCHEMA = 'sweepline.client/1';

/** The same from src and from dist. */
const CORE = fileURLToPath(new URL('../../../', import.meta.url));
const BUILT = join(CORE, 'dist', 'client');
export const NODE = 'node';
/** The load process. */
export const LOAD_CLIENT = 'load-client.mjs';
/** The agent, through which a launcher works on a machine. */
export const AGENT = 'agent.mjs';
const LICENCES = 'LICENSES.txt';

/** What a bundle is, and what a machine must have to run it. */
export interface BundleManifest {
  readonly schema: typeof CLIENT_SCHEMA;
  /** Of @sweepline/core. */
  readonly version: string;
  /** SHA-256 of what is in it: bundles with equal digests are the same. */
  readonly digest: string;
  readonly platform: 'linux';
  /** As `process.arch`: x64, arm64. */
  readonly arch: string;
  readonly node: string;
  /** Oldest versions that do: of glibc, and of libstdc++ by its symbols (GLIBCXX). */
  readonly requires: { readonly glibc?: string; readonly libstdcxx?: string };
}

export interface BundledFile {
  /** In the bundle's folder. */
  readonly path: string;
  /** On this machine. */
  readonly source: string;
  readonly isProgram: boolean;
}

export interface NodeBundle {
  readonly manifest: BundleManifest;
  readonly files: readonly BundledFile[];
}

export interface BundleOptions {
  /** A Node.js binary for Linux, of any architecture; by default the one that runs this. */
  readonly node?: string;
}

/** What is known of each Node.js binary: to read its hundred megabytes for every session takes a fifth of a second each. */
const inspected = new Map<string, ReturnType<typeof inspectNode>>();

/**
 * The files that a machine needs to run Sweepline's programs.
 * @throws {SweeplineError} CLIENT_UNUSABLE for a Node.js that would not run there, or when core was built without its programs.
 */
export async function nodeBundle({ node = process.execPath }: BundleOptions = {}): Promise<NodeBundle> {
  const inspecting = inspected.get(node) ?? inspectNode(node);
  inspected.set(node, inspecting);
  const { version, arch, glibc, libstdcxx, sha256 } = await inspecting;
  const built = await Promise.all(
    [LOAD_CLIENT, AGENT, LICENCES].map(async (path) => {
      const source = join(BUILT, path);
      return { path, source, isProgram: false, sha256: await digestOf(source) };
    }),
  );
  const files = [{ path: NODE, source: node, isProgram: true, sha256 }, ...built];
  const digest = createHash('sha256');
  for (const { path, sha256 } of files) digest.update(`${sha256}  ${path}\n`);
  return {
    manifest: {
      schema: CLIENT_SCHEMA,
      version: await coreVersion(),
      digest: digest.digest('hex'),
      ...({ platform: 'linux', arch, node: version } as const),
      requires: { ...(glibc !== undefined && { glibc }), ...(libstdcxx !== undefined && { libstdcxx }) },
    },
    files: files.map(({ path, source, isProgram }) => ({ path, source, isProgram })),
  };
}

async function digestOf(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch (cause) {
    throw new SweeplineError('CLIENT_UNUSABLE', `core has no client bundle: ${messageOf(cause)}`, {
      where: { file },
      hint: 'Build core (`npx nx run core:build`), or install @sweepline/core again.',
      cause,
    });
  }
}

async function coreVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(CORE, 'package.json'), 'utf8')) as { version: string };
  return version;
}
