/** Flags that stand alone though a word may follow. */
const ALONE = new Set(['--oversubscribe', '--allow-run-as-root', '--rm', '--init', '--privileged']);
/** Programs whose own flags come before the program that they start. */
const WRAPPERS = new Set(['mpirun']);
/** Whom servers listen to is Sweepline's own business. */
const IGNORED = new Set(['host']);

/** What a command says, whatever the order and spelling of its flags. */
export type Meaning = Readonly<Record<string, readonly string[]>>;

/** Words that are no flags' values under ``, in order, and the values of flags under their names. */
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

/** The command behind a wrapper, its flags apart from the wrapper's. */
function wrapped(argv: readonly string[]): Meaning {
  const entries = Object.entries(meaningOf(argv));
  return Object.fromEntries(
    entries.map(([name, values]) => [name === '' ? `${argv[0]!} words` : `${argv[0]!} --${name}`, values]),
  );
}
