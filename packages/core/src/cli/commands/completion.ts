import { Argument, Command } from 'commander';
import type { App } from '../app.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { wordsOf, type CommandWords } from '../completion/words.js';
import { zshCompletion } from '../completion/zsh.js';
import { examples } from '../help.js';

const SHELLS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const satisfies Record<string, (words: readonly CommandWords[]) => string>;

/** @param program the program with all of its commands */
export function completionCommand(app: App, program: () => Promise<Command>): Command {
  return new Command('completion')
    .addArgument(new Argument('<shell>', 'shell to print a script for').choices(Object.keys(SHELLS)))
    .addHelpText(
      'after',
      examples(
        'source <(sweepline completion bash)    # in ~/.bashrc',
        'source <(sweepline completion zsh)     # in ~/.zshrc, after compinit',
        'sweepline completion fish | source     # in ~/.config/fish/config.fish',
      ),
    )
    .action(async (shell: keyof typeof SHELLS) => {
      app.terminal.stdout(SHELLS[shell](wordsOf(await program())));
    });
}
