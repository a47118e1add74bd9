import { SweeplineError } from '@sweepline/core';

/** A word of a POSIX shell. @throws {SweeplineError} USAGE for what no line can hold */
export function shellWord(text: string): string {
  refuseControls(text);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command of a line in a crontab, where % ends a line. */
export function cronText(command: string): string {
  return command.replaceAll('%', String.raw`\%`);
}

/** A word of ExecStart=: $ and % begin what systemd replaces. @throws {SweeplineError} USAGE */
export function systemdWord(text: string): string {
  const escaped = systemdPath(text).replaceAll('$', '$$$$');
  return /^[\w@+=:,./-]+$/.test(text)
    ? text
    : `"${escaped.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}

/** A path of WorkingDirectory=, which takes no quotes and no words. @throws {SweeplineError} USAGE */
export function systemdPath(text: string): string {
  refuseControls(text);
  return text.replaceAll('%', '%%');
}

function refuseControls(text: string): void {
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw new SweeplineError(
      'USAGE',
      `a path with a line break or a control character can't be written into such a file: ${JSON.stringify(text)}`,
    );
}
