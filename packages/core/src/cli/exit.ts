/** Ends a command with an exit code but prints no error: the command has already printed everything. */
export class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit code ${exitCode}`);
  }
}

export function exitWith(exitCode: number): void {
  if (exitCode !== 0) throw new Exit(exitCode);
}
