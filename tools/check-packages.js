// @ts-check
/**
 * Packs each package as npm would publish it, and checks what is in the tarball: that it has everything readers need and no dead links,
 * that its entry points exist (publint), and that TypeScript finds their types (arethetypeswrong). `npm run packages:check` runs it, after
 * a build.
 */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const REQUIRED = ['package.json', 'README.md', 'LICENSE'];
/**
 * Findings of every package with ES modules only: `require` works in recent versions of Node, and `moduleResolution: node10` doesn't know
 * exports.
 */
const EXPECTED = [
  { kind: 'CJSResolvesToESM', resolution: 'node16-cjs' },
  { kind: 'NoResolution', resolution: 'node10' },
];

/** @typedef {{ readonly name: string, readonly private?: boolean, readonly types?: string }} Manifest */
/** @typedef {{ readonly folder: string, readonly manifest: Manifest }} Package */
/** @typedef {{ readonly name: string, readonly filename: string, readonly size: number, readonly files: readonly { readonly path: string }[] }} Packed */

const packages = (await packagesIn(join(ROOT, 'packages'))).filter(
  ({ manifest }) => manifest.private !== true,
);
const folder = await mkdtemp(join(tmpdir(), 'sweepline-packages-'));
let wrong = 0;
try {
  const packed = await pack(packages, folder);
  for (const { folder: pkgDir, manifest } of packages) {
    const one = packed.find(({ name }) => name === manifest.name);
    const problems = one === undefined ? ['npm did not pack it'] : await problemsOf(pkgDir, one);
    console.log(
      `${manifest.name}: ${problems.length === 0 ? `right, ${kilobytes(one?.size ?? 0)}` : 'WRONG'}`,
    );
    for (const problem of problems) console.log(`  ${problem}`);
    wrong += problems.length;
  }
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = wrong === 0 ? 0 : 1;

/** @param {string} parent @returns {Promise<readonly Package[]>} */
async function packagesIn(parent) {
  const names = (await readdir(parent)).sort();
  const read = names.map(async (name) => {
    const at = join(parent, name);
    const text = await readFile(join(at, 'package.json'), 'utf8').catch(() => undefined);
    return text === undefined ? [] : [{ folder: at, manifest: /** @type {Manifest} */ (JSON.parse(text)) }];
  });
  return (await Promise.all(read)).flat();
}

/** @param {readonly Package[]} all @param {string} to @returns {Promise<readonly Packed[]>} */
async function pack(all, to) {
  const which = all.flatMap(({ manifest }) => ['-w', manifest.name]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', to, ...which];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

/** @param {string} pkgDir @param {Packed} packed @returns {Promise<readonly string[]>} */
async function problemsOf(pkgDir, { filename, files }) {
  const tarball = await readFile(join(folder, filename));
  return [
    ...(await contentProblems(
      pkgDir,
      files.map(({ path }) => path),
    )),
    ...(await entryProblems(tarball)),
    ...(await typeProblems(tarball)),
  ];
}

/** @param {string} pkgDir @param {readonly string[]} paths @returns {Promise<readonly string[]>} */
async function contentProblems(pkgDir, paths) {
  const missing = REQUIRED.filter((path) => !paths.includes(path)).map((path) => `has no ${path}`);
  const maps = paths
    .filter((path) => path.endsWith('.map'))
    .map((path) => `${path}: its sources are not packed`);
  const code = paths.filter((path) => /\.(js|ts)$/.test(path));
  const texts = await Promise.all(code.map((path) => readFile(join(pkgDir, path), 'utf8')));
  const mapped = code
    .filter((_, i) => /^\/\/# sourceMappingURL=(?!data:)/m.test(texts[i] ?? ''))
    .map((path) => `${path}: it names a source map that is not packed; rebuild it`);
  return [...missing, ...maps, ...mapped];
}

/** @param {Buffer} tarball @returns {Promise<readonly string[]>} */
async function entryProblems(tarball) {
  const data = /** @type {ArrayBuffer} */ (new Uint8Array(tarball).buffer);
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  );
}

/** @param {Buffer} tarball @returns {Promise<readonly string[]>} */
async function typeProblems(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (analysis.types === false) return [];
  return analysis.problems
    .filter((problem) => !isExpected(problem))
    .map((problem) => `types: ${JSON.stringify(problem)}`);
}

/** @param {{ readonly kind: string }} problem */
function isExpected(problem) {
  const resolution = 'resolutionKind' in problem ? problem.resolutionKind : undefined;
  return EXPECTED.some((one) => one.kind === problem.kind && one.resolution === resolution);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} kB packed`;
}
