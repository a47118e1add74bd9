import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SweeplineError } from '../../../errors.js';
import { fileProblem } from '../../../file-problem.js';

/*
 * Only the codec's own file is copied to the machine that runs the load, which has neither the plugin's package nor any other.
 * The check covers a module's imports, not the files that it reads.
 */

/** The file of a codec's module; undefined for a `data:` URL, which holds the module itself. */
export function codecFile(codec: string): string | undefined {
  if (codec.startsWith('data:')) return undefined;
  if (codec.startsWith('file:')) return fileURLToPath(codec);
  if (isAbsolute(codec)) return codec;
  throw new SweeplineError('PLUGIN_INVALID', `codec ${codec} is not a file URL`, {
    hint: "Give one, such as import.meta.resolve('./codec.js'): the machine that runs the load may have no packages.",
  });
}

/**
 * @throws {SweeplineError} PLUGIN_INVALID when a codec imports anything except Node's own modules, PLUGIN_BROKEN when it can't be
 * read.
 */
export async function assertSelfContained(codec: string): Promise<void> {
  const file = codecFile(codec);
  const problem = await problemOf(codec, await sourceOf(codec, file));
  if (problem === undefined) return;
  throw new SweeplineError('PLUGIN_INVALID', `codec ${file ?? 'in a data: address'} ${problem}`, {
    ...(file !== undefined && { where: { file } }),
    hint: "Only the codec's file is copied to the machine that runs the load: bundle it with everything it imports into one ES module.",
  });
}

async function sourceOf(codec: string, file: string | undefined): Promise<string> {
  try {
    return file === undefined ? await (await fetch(codec)).text() : await readFile(file, 'utf8');
  } catch (cause) {
    throw new SweeplineError('PLUGIN_BROKEN', `codec ${codec} can't be read: ${fileProblem(cause)}`, {
      where: { file: file ?? codec },
      cause,
    });
  }
}

async function problemOf(codec: string, source: string): Promise<string | undefined> {
  const { ImportType, init, parse } = await import('es-module-lexer');
  await init;
  try {
    const [imports, , , hasModuleSyntax] = parse(source);
    if (!hasModuleSyntax) return 'is not an ES module: it neither imports nor exports';
    const names = imports
      .filter(({ t }) => t !== ImportType.ImportMeta)
      .map(({ n }) => n ?? 'a name that it computes')
      .filter((name) => !isBuiltin(name));
    return names.length === 0 ? undefined : `imports ${[...new Set(names)].join(', ')}`;
  } catch (cause) {
    throw new SweeplineError('PLUGIN_BROKEN', `codec ${codec} is not JavaScript: ${fileProblem(cause)}`, {
      where: { file: codec },
      cause,
    });
  }
}
