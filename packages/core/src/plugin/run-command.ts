import { SweeplineError } from '../errors.js';
import type { PluginCall } from '../watch/call.js';
import { rememberPackage } from '../watch/packages.js';
import { within } from '../watch/within.js';
import type { CommandContext, RunCommand } from './command.js';
import type { DeclaredCommand } from './declared-commands.js';
import { importDefault } from './discovery.js';

const HIGHEST_EXIT_CODE = 255;

/**
 * Loads the module of a command and runs it. It may take for ever; told to stop, it has some seconds left.
 * @throws {SweeplineError} PLUGIN_BROKEN, PLUGIN_INVALID, PLUGIN_THREW, PLUGIN_TIMEOUT or INTERRUPTED, with the package's name.
 */
export async function runCommand(command: DeclaredCommand, context: CommandContext): Promise<number> {
  rememberPackage(command.package, command.folder);
  const call = (name: string, limit: PluginCall['limit']): PluginCall => {
    return { plugin: `command ${command.name}`, package: command.package, call: name, limit };
  };
  const { signal } = context;
  const run = await within(call('import', 'import'), () => importDefault(command.package, command.module), {
    signal,
  });
  if (typeof run !== 'function') {
    throw invalid(command, `${command.module} has no function as its default export`);
  }
  const code: unknown = await within(
    call('run', 'command'),
    (own) => (run as RunCommand)({ ...context, signal: own }),
    { signal },
  );
  if (typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= HIGHEST_EXIT_CODE)
    return code;
  const given = typeof code === 'number' ? String(code) : `something of type ${typeof code}`;
  throw invalid(command, `it ended with ${given}, not with an exit code (0 to ${HIGHEST_EXIT_CODE})`);
}

function invalid({ name, package: owner }: DeclaredCommand, problem: string): SweeplineError {
  return new SweeplineError('PLUGIN_INVALID', `command ${name} of ${owner}: ${problem}`, {
    where: { plugin: owner },
    hint: `Report this to the authors of ${owner}.`,
  });
}
