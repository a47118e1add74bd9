/** What a config file holds; told by its name, so that a mistake in it can't make it something else. */
export type ConfigKind = 'master' | 'runners' | 'workspace' | 'changelog' | 'clusters' | 'models';

const KINDS: readonly (readonly [RegExp, ConfigKind])[] = [
  [/^sweepline\.ya?ml$/, 'workspace'],
  [/^(?:.*-)?runners\.ya?ml$/, 'runners'],
  [/^(?:.*-)?clusters\.ya?ml$/, 'clusters'],
  [/^(?:.*-)?models\.ya?ml$/, 'models'],
  [/^(?:.*-)?changelog\.ya?ml$/, 'changelog'],
];

/** The kind of a file: `sweepline`, `runners`, `clusters`, `models` and `changelog` are names of their own. */
export function kindOfFile(path: string): ConfigKind {
  const name = path.replace(/^.*[/\\]/, '');
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'master';
}
