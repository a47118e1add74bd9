/** Ends a command with an exit code that is not an error to be printed: the command has said what there is to say. */
export class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit code ${exitCode}`);
  }
}

export function exitWith(exitCode: number): void {
  if (exitCode !== 0) throw new Exit(exitCode);
}
