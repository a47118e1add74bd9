import { loadConfigFile } from '@sweepline/core';
import { taskSchema, type Task } from './schema.js';

/**
 * Reads a task file.
 * @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID with file, line, column and key of each part that can't be
 * scored exactly without Python
 */
export function readTask(file: string, cwd = '.'): Promise<Task> {
  return loadConfigFile(file, taskSchema, cwd);
}
