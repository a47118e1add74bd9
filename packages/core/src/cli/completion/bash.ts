import { quoted, stepsOf, type CommandWords } from './words.js';

/** A script for bash 3.2 and later. If there is nothing to choose from, bash completes files. */
export function bashCompletion(words: readonly CommandWords[]): string {
  return `# bash completion for sweepline. Load it: source <(sweepline completion bash)
_sweepline() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' at words=''
  COMPREPLY=()
  # --option=value are three words here.
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$path \${COMP_WORDS[at]}" in
      ${stepsOf(words).map(quoted).join(' | ')}) path="\${path:+$path }\${COMP_WORDS[at]}" ;;
    esac
  done
  case "$path $prev" in
${words.flatMap(valueCases).join('\n')}
  esac
  case "$path" in
${words.map(wordCase).join('\n')}
  esac
  while IFS= read -r at; do COMPREPLY+=("$at"); done < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _sweepline sweepline
`;
}

function valueCases({ path, options }: CommandWords): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === 'none') return [];
    const at = flags.map((flag) => quoted(`${path} ${flag}`)).join(' | ');
    if (value === 'any') return [`    ${at}) return ;;`];
    return [
      `    ${at})`,
      `      while IFS= read -r at; do COMPREPLY+=("$at"); done < <(compgen -W ${quoted(value.join(' '))} -- "$cur")`,
      '      return ;;',
    ];
  });
}

/** Options only if one was begun, unless there is nothing else. */
function wordCase({ path, commands, options }: CommandWords): string {
  const flags = options.flatMap((option) => option.flags).join(' ');
  const names = commands.map(({ text }) => text).join(' ');
  return `    ${quoted(path)}) if [[ $cur == -* ]]; then words=${quoted(flags)}; else words=${quoted(names)}; fi ;;`;
}
