import { realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { SweeplineError, loadConfigFile, messageOf, z } from '@sweepline/core';
import { taskSchema, type Task } from './schema.js';

/** A task, and the files that it is written in. */
export interface TaskFiles {
  readonly task: Task;
  /** Absolute paths: the task's own file, then those that it includes. */
  readonly files: readonly string[];
}

/** A file of a task before it is checked, with its own `include:` put in. */
interface Part {
  readonly values: Readonly<Record<string, unknown>>;
  /** Which file gave each key. */
  readonly givenBy: ReadonlyMap<string, string>;
  readonly files: readonly string[];
}

const partSchema = z.record(z.string(), z.unknown());
const includeSchema = z.union([z.string(), z.array(z.string())]);

/**
 * Reads a task file, and what it includes.
 * @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID with file, line, column and key of each part that can't be
 * scored exactly without Python
 */
export async function readTask(file: string, cwd = '.'): Promise<Task> {
  return (await readTaskFiles(file, cwd)).task;
}

/** The same, with the files that it was read from. @throws {SweeplineError} as readTask */
export async function readTaskFiles(file: string, cwd = '.'): Promise<TaskFiles> {
  const path = resolve(cwd, file);
  const { include } = await loading(file, () => loadConfigFile(path, partSchema, cwd));
  if (include === undefined)
    return { task: await loading(file, () => loadConfigFile(path, taskSchema, cwd)), files: [path] };
  const part = await readPart(path, dirname(path), []);
  const checked = taskSchema.safeParse(part.values);
  if (checked.success) return { task: checked.data, files: part.files };
  const problems = checked.error.issues.map(({ message, path: keys }) => {
    const where = { file: part.givenBy.get(String(keys[0])) ?? path, key: keys.map(String).join('.') };
    return new SweeplineError('CONFIG_INVALID', message, { where });
  });
  throw SweeplineError.together(problems, `${problems.length} problems in ${path}`) ?? checked.error;
}

/** Keys of the file itself win over those that it includes, and the first included file over later ones, as in lm-eval. */
async function readPart(path: string, folder: string, including: readonly string[]): Promise<Part> {
  const place = await realpath(path).catch((cause: unknown) => {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${path}: ${messageOf(cause)}`, { cause });
  });
  if (including.includes(place))
    throw wrongInclude(`it includes itself: ${[...including, place].join(' → ')}`, path);
  if (relative(await realpath(folder), place).startsWith('..'))
    throw wrongInclude(`${place} is outside of the task's folder, ${folder}`, including.at(-1) ?? path);
  const { include, ...own } = await loading(path, () => loadConfigFile(path, partSchema, folder));
  const names = includeSchema.safeParse(include ?? []);
  if (!names.success) throw wrongInclude('expected a path or a list of paths', path);
  const parts: Part[] = [];
  for (const name of [names.data].flat())
    parts.unshift(await readPart(resolve(dirname(path), name), folder, [...including, place]));
  return {
    values: Object.fromEntries(
      [...parts.map(({ values }) => values), own].flatMap((one) => Object.entries(one)),
    ),
    givenBy: new Map([
      ...parts.flatMap(({ givenBy }) => [...givenBy]),
      ...Object.keys(own).map((key): [string, string] => [key, path]),
    ]),
    files: [...new Set([path, ...parts.flatMap(({ files }) => files)])],
  };
}

function wrongInclude(problem: string, file: string): SweeplineError {
  return new SweeplineError('CONFIG_INVALID', `include: ${problem}`, { where: { file, key: 'include' } });
}

/** Says what to do about functions of Python, which YAML alone can't hold. */
async function loading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw thrown;
    const problem = [thrown, ...thrown.problems].find(({ message }) => message.includes('!function'));
    if (problem === undefined) throw thrown;
    throw new SweeplineError('CONFIG_SYNTAX', 'the task calls a function of Python (!function)', {
      where: { file, ...problem.where },
      hint: 'Run the task with lm-eval itself, or write what the function makes of the data set to a file of JSON lines and name that instead.',
      cause: thrown,
    });
  }
}

/** A path of a task's file in another folder: that of the task is `to`. */
export function movedTo(to: string, file: string, folder: string): string {
  return [to, ...relative(folder, file).split(sep)].join('/');
}
