/** Kind of a config file. It follows from the name, so that a mistake in the content can't change it. */
export type ConfigKind = 'master' | 'runners' | 'workspace' | 'changelog' | 'clusters' | 'models' | 'evals';

const KINDS: readonly (readonly [RegExp, ConfigKind])[] = [
  [/^sweepline\.ya?ml$/, 'workspace'],
  [/^(?:.*-)?runners\.ya?ml$/, 'runners'],
  [/^(?:.*-)?clusters\.ya?ml$/, 'clusters'],
  [/^(?:.*-)?models\.ya?ml$/, 'models'],
  [/^(?:.*-)?evals\.ya?ml$/, 'evals'],
  [/^(?:.*-)?changelog\.ya?ml$/, 'changelog'],
];

/** The kind of a file: `sweepline`, `runners`, `clusters`, `models`, `evals` and `changelog` are reserved names. */
export function kindOfFile(path: string): ConfigKind {
  const name = path.replace(/^.*[/\\]/, '');
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'master';
}
