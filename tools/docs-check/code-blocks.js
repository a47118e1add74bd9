// @ts-check
/** Checks TypeScript and JavaScript in documents with the compiler, in a project like a plugin author's. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./documents.js').Block} Block */
/** @typedef {import('./problems.js').Problem} Problem */

/** @type {Readonly<Record<string, string>>} */
const EXTENSIONS = { ts: 'ts', typescript: 'ts', js: 'js', javascript: 'js' };

/** @type {import('typescript').CompilerOptions} */
const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
};
/** JavaScript has no parameter types: codes 7000 to 7999 complain about them. */
const ASKS_FOR_TYPES = /^7\d{3}$/;

/**
 * All blocks together, so that the compiler reads its libraries only once. @param {string} root @param {readonly Document[]} documents
 * @returns {Promise<readonly Problem[]>}
 */
export async function codeProblems(root, documents) {
  const folder = await mkdtemp(join(tmpdir(), 'docs-check-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    /** @type {Map<string, { path: string, line: number }>} */
    const places = new Map();
    for (const { path, blocks } of documents) {
      for (const [index, block] of blocks.entries()) {
        const extension = EXTENSIONS[block.language];
        if (extension === undefined || 'skip' in block.meta) continue;
        const name = block.meta['file'] ?? `block-${index}.${extension}`;
        const file = join(folder, path.replaceAll(/\W/g, '-'), name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, block.text);
        places.set(file, { path, line: block.line });
      }
    }
    return compile([...places.keys()]).map(({ file, line, message }) => {
      const place = places.get(file) ?? { path: file, line: 1 };
      return { path: place.path, line: place.line + line, message };
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {readonly string[]} files */
function compile(files) {
  if (files.length === 0) return [];
  return ts
    .getPreEmitDiagnostics(ts.createProgram([...files], OPTIONS))
    .filter(({ file, code }) => !(file?.fileName.endsWith('.js') && ASKS_FOR_TYPES.test(String(code))))
    .map(({ file, start, messageText }) => ({
      file: file?.fileName ?? '',
      line: file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line,
      message: ts.flattenDiagnosticMessageText(messageText, ' '),
    }));
}
