import type { Command, Option } from 'commander';

/** A command as completion sees it. */
export interface CommandWords {
  /** Its path: `''` for the program, `plugins list` for a subcommand. */
  readonly path: string;
  readonly summary: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWords[];
}

export interface Word {
  readonly text: string;
  readonly summary: string;
}

export interface OptionWords {
  /** Its spellings: `-V`, `--version`. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** `none` takes no value; a list has all valid values; anything else may be a file. */
  readonly value: 'none' | 'any' | readonly string[];
}

/** All words that can follow the program's name, by command. */
export function wordsOf(
  program: Command,
  options: readonly Option[] = program.options,
): readonly CommandWords[] {
  return walk(program, '', options);
}

/** Options of the program are valid everywhere. */
function walk(command: Command, path: string, everywhere: readonly Option[]): readonly CommandWords[] {
  const own = command.options.filter((option) => !everywhere.includes(option));
  const help: OptionWords = { flags: ['-h', '--help'], summary: 'display help for command', value: 'none' };
  return [
    {
      path,
      summary: oneLine(command.description()),
      commands: command.commands.map((one) => ({ text: one.name(), summary: oneLine(one.description()) })),
      options: [...[...own, ...everywhere].filter(({ hidden }) => !hidden).map(optionWords), help],
    },
    ...command.commands.flatMap((one) =>
      walk(one, path === '' ? one.name() : `${path} ${one.name()}`, everywhere),
    ),
  ];
}

/**
 * The last step of each path, as the scripts' loops match it: the words before the last one and that one, separated by a blank. The blank
 * is there even if nothing comes before.
 */
export function stepsOf(words: readonly CommandWords[]): readonly string[] {
  return pathsOf(words).map((path) => (path.includes(' ') ? path : ` ${path}`));
}

/** All commands below the program. */
export function pathsOf(words: readonly CommandWords[]): readonly string[] {
  return words.map(({ path }) => path).filter((path) => path !== '');
}

function optionWords({ short, long, description, required, optional, argChoices }: Option): OptionWords {
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    summary: oneLine(description),
    value: required || optional ? (argChoices ?? 'any') : 'none',
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Quotes a word for a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
