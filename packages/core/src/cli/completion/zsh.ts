import { quoted, stepsOf, type CommandWords, type Word } from './words.js';

/** A script for zsh, to be sourced after compinit or stored as a file _sweepline in the fpath. */
export function zshCompletion(words: readonly CommandWords[]): string {
  return `#compdef sweepline
# zsh completion for sweepline. Load it: source <(sweepline completion zsh)
_sweepline() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT - 1]} path_='' at
  local -a found
  for ((at = 2; at < CURRENT; at++)); do
    case "$path_ \${words[at]}" in
      (${stepsOf(words).map(quoted).join('|')}) path_="\${path_:+$path_ }\${words[at]}" ;;
    esac
  done
  case "$path_ $prev" in
${words.flatMap(valueCases).join('\n')}
  esac
  case "$path_" in
${words.map(wordCase).join('\n')}
  esac
  if (( \${#found} )); then _describe -t words sweepline found; else _files; fi
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _sweepline "$@"; else compdef _sweepline sweepline; fi
`;
}

function valueCases({ path, options }: CommandWords): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === 'none') return [];
    const at = flags.map((flag) => quoted(`${path} ${flag}`)).join('|');
    const choose = value === 'any' ? '_files' : `compadd -- ${value.map(quoted).join(' ')}`;
    return [`    (${at}) ${choose}; return ;;`];
  });
}

function wordCase({ path, commands, options }: CommandWords): string {
  const flags = options.flatMap((option) => option.flags.map((text) => ({ text, summary: option.summary })));
  return `    (${quoted(path)}) if [[ $cur == -* ]]; then found=(${list(flags)}); else found=(${list(commands)}); fi ;;`;
}

/** The form that _describe takes: a colon before the summary. */
function list(words: readonly Word[]): string {
  return words.map(({ text, summary }) => quoted(`${text.replaceAll(':', '\\:')}:${summary}`)).join(' ');
}
