import { createApp } from '../src/cli/container.js';
import { createProgram, runProgram } from '../src/cli/program.js';
import { createConsoleLogger } from '../src/cli/console-logger.js';

/** Runs the command within this process. */
export async function runCli(
  args: readonly string[],
  cwd: string,
  interactive = false,
  columns = 160,
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const terminal = {
    stdout: (text: string) => void (written.stdout += text),
    stderr: (text: string) => void (written.stderr += text),
    interactive,
    columns,
    statusColumns: 160,
  };
  const logger = createConsoleLogger(terminal);
  const { signal } = new AbortController();
  const app = createApp({ cwd, args, env: {}, execPath: process.execPath, terminal, logger, signal });
  const exitCode = await runProgram(createProgram(app), ['node', 'sweepline', ...args], logger);
  return { exitCode, ...written };
}
