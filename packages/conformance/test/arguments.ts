/** Flags without a value, even if a word follows. */
const ALONE = new Set(['--oversubscribe', '--allow-run-as-root', '--rm', '--init', '--privileged']);
/** Programs with flags of their own before the program that they start. */
const WRAPPERS = new Set(['mpirun']);
/** Which addresses servers listen on is Sweepline's own choice. */
const IGNORED = new Set(['host']);

/** The meaning of a command, whatever the order and spelling of its flags. */
export type Meaning = Readonly<Record<string, readonly string[]>>;

/** Words that aren't values of flags under ``, in order; values of flags under their names. */
export function meaningOf(argv: readonly string[]): Meaning {
  const [program = ''] = argv;
  const { words, flags } = split(argv.slice(1), WRAPPERS.has(program));
  return { '': [program, ...words], ...flags };
}

function split(
  argv: readonly string[],
  wraps: boolean,
): { readonly words: readonly string[]; readonly flags: Meaning } {
  const words: string[] = [];
  const flags: Record<string, string[]> = {};
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (!/^--?[A-Za-z]/.test(argument)) {
      if (wraps) return { words, flags: { ...flags, ...wrapped(argv.slice(at)) } };
      words.push(argument);
      continue;
    }
    const [flag = '', joined] = argument.split(/=(.*)/s);
    const next = argv[at + 1];
    const takesNext =
      joined === undefined && next !== undefined && !ALONE.has(flag) && !/^--?[A-Za-z]/.test(next);
    const name = flag.replace(/^--?/, '');
    if (!IGNORED.has(name)) (flags[name] ??= []).push(joined ?? (takesNext ? next : ''));
    if (takesNext) at += 1;
  }
  return { words, flags };
}

/** The command that a wrapper starts, with its flags apart from the wrapper's. */
function wrapped(argv: readonly string[]): Meaning {
  const entries = Object.entries(meaningOf(argv));
  return Object.fromEntries(
    entries.map(([name, values]) => [name === '' ? `${argv[0]!} words` : `${argv[0]!} --${name}`, values]),
  );
}
