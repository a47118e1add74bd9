/** What replaces a secret in a plan. */
const MASKED = '***';

/** Arguments as one line for a POSIX shell, which reads the same arguments from it. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}

/** With its environment before it. Masked values are left out: the line would set them to stars. */
export function shellLineWithEnv(argv: readonly string[], env: Readonly<Record<string, string>>): string {
  const assignments = Object.entries(env)
    .filter(([name, value]) => !isMasked(value) && /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `${name}=${shellWord(value)}`);
  return [...assignments, shellLine(argv)].join(' ');
}

export function isMasked(value: string): boolean {
  return value.includes(MASKED);
}

function shellWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
