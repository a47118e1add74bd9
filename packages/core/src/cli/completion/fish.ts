import { pathsOf, type CommandWords, type OptionWords } from './words.js';

/** A script for fish 3 and later. */
export function fishCompletion(words: readonly CommandWords[]): string {
  return `# fish completion for sweepline. Load it: sweepline completion fish | source
function __sweepline_at
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l longer (string trim -- "$path $word")
    if contains -- "$longer" ${pathsOf(words).map(quoted).join(' ')}
      set path "$longer"
    end
  end
  test "$path" = "$argv[1]"
end
${words.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, options }: CommandWords): readonly string[] {
  const at = `complete -c sweepline -n ${quoted(`__sweepline_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ text, summary }) => `${at} -f -a ${quoted(text)} -d ${quoted(summary)}`),
    ...options.map((option) => `${at} ${optionText(option)} -d ${quoted(option.summary)}`),
  ];
}

function optionText({ flags, value }: OptionWords): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? `-l ${quoted(flag.slice(2))}` : `-s ${quoted(flag.slice(1))}`,
  );
  if (value === 'none') return names.join(' ');
  return [...names, '-r', ...(value === 'any' ? [] : [`-f -a ${quoted(value.join(' '))}`])].join(' ');
}

/** Quotes a word for fish: unlike other shells it interprets escapes within single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
