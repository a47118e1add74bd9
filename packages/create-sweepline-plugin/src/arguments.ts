import { parseArgs } from 'node:util';
import { KIND_NAMES, KINDS } from './kinds.js';
import { UsageError } from './usage-error.js';

/** The arguments of the command line. */
export interface Given {
  readonly help: boolean;
  /** Of the package. */
  readonly name?: string;
  readonly kind?: string;
  /** Of the plugin. */
  readonly plugin?: string;
  readonly folder?: string;
}

export const HELP = `Makes a plugin package for Sweepline, with its tests.

  npm create sweepline-plugin <package> -- --kind <kind>

  --kind <kind>      ${KIND_NAMES.map((kind) => `${kind}: ${KINDS[kind].summary}`).join('\n                     ')}
  --name <plugin>    name of the plugin in configs; default: the package's name without its scope, "sweepline-" and "plugin-"
  --folder <folder>  where to make it; default: a new folder with the package's name, without its scope
  --help             print this help

On a terminal it asks for what is missing.

  npm create sweepline-plugin acme-engine -- --kind framework
  npm create sweepline-plugin @acme/sweepline-x1 -- --kind hardware
`;

/** @throws {UsageError} */
export function readArguments(args: readonly string[]): Given {
  const { values, positionals } = parsed(args);
  const [name, ...more] = positionals;
  if (more.length > 0)
    throw new UsageError(`only one package can be made at a time, not ${positionals.join(', ')}.`);
  const { help = false, kind, name: plugin, folder } = values;
  return {
    help,
    ...(name !== undefined && { name }),
    ...(kind !== undefined && { kind }),
    ...(plugin !== undefined && { plugin }),
    ...(folder !== undefined && { folder }),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        kind: { type: 'string', short: 'k' },
        name: { type: 'string' },
        folder: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
