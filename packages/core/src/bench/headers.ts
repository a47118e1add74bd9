import { SweeplineError } from '../errors.js';
import { headerProblem, type Access } from '../load/client/access.js';
import { isSecretHeader, secretsInHeader } from '../secrets.js';
import type { HeaderOptions } from './options.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The headers of requests, and how a load process gets them: values pass through its environment, never through a file. */
export interface BenchAccess extends Access {
  /** For a load spec: names of headers, and of the variables that hold their values. */
  readonly headersEnv: Readonly<Record<string, string>>;
  /** Variables that a load process needs and this one doesn't have. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Values that no output may hold. Those of other headers are words such as a model's name, and are masked where the server repeats them.
   */
  readonly secrets: readonly string[];
}

/** Variable for a bearer token. */
export const KEY_VARIABLE = 'OPENAI_API_KEY';

/** @throws {SweeplineError} USAGE for headers that can't be sent. Messages never contain a value. */
export function accessOf(
  { header = [], headerEnv = [] }: HeaderOptions,
  environment: Environment,
): BenchAccess {
  const given = header.map((text, index) => {
    const { name, rest: value } = pairOf(text, '--header', 'VALUE');
    return { name, value, variable: `SWEEPLINE_HEADER_${index + 1}_SECRET`, isOwn: true };
  });
  const named = headerEnv.map((text) => {
    const { name, rest: variable } = pairOf(text, '--header-env', 'VARIABLE');
    const value = environment[variable]?.trim() ?? '';
    if (value !== '') return { name, value, variable, isOwn: false };
    throw new SweeplineError('USAGE', `--header-env ${name}: the environment variable is not set`);
  });
  const all = [...given, ...named];
  all.forEach(({ name, value }, index) => check(name, value, all.slice(0, index)));
  const entries = <T>(of: (header: (typeof all)[number]) => readonly [string, T]) =>
    Object.fromEntries(all.map(of)) as Readonly<Record<string, T>>;
  const headers = entries(({ name, value }) => [name.toLowerCase(), value]);
  const apiKey = environment[KEY_VARIABLE]?.trim();
  return {
    ...(apiKey && headers['authorization'] === undefined && { apiKey }),
    headers,
    headersEnv: entries(({ name, variable }) => [name, variable]),
    env: Object.fromEntries(given.map(({ variable, value }) => [variable, value])),
    secrets: [
      ...(apiKey ? [apiKey] : []),
      ...all
        .filter(({ name }) => isSecretHeader(name))
        .flatMap(({ name, value }) => secretsInHeader(name, value)),
    ],
  };
}

/** Splits at the first `=`. */
function pairOf(
  text: string,
  option: string,
  what: string,
): { readonly name: string; readonly rest: string } {
  const at = text.indexOf('=');
  const [name, rest] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && rest !== '') return { name, rest };
  throw new SweeplineError('USAGE', `${option} expects NAME=${what}`, {
    hint: `For example, ${option} X-Team=${what === 'VALUE' ? 'blue' : 'TEAM'}; the value is not repeated here.`,
  });
}

function check(name: string, value: string, others: readonly { readonly name: string }[]): void {
  const problem = headerProblem(name, value);
  if (problem !== undefined) throw new SweeplineError('USAGE', `--header: ${problem}`);
  if (others.some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw new SweeplineError('USAGE', `the header ${name} is given more than once`);
}
