/** `0.5.8`, `0.5.8.post1`, `1.1.0rc2.post2`, `1.3.0-dev.1`; what comes after it begins with - or _. */
export const VERSION = String.raw`\d+(?:\.\d+){1,3}(?:[._-]?(?:alpha|a|beta|b|rc|dev)[._-]?\d+)?(?:\.post\d*)?`;

const PARTS = new RegExp(
  String.raw`^(?<release>\d+(?:\.\d+){1,3})(?:[._-]?(?<phase>alpha|a|beta|b|rc|dev)[._-]?(?<number>\d+))?(?<post>\.post\d*)?$`,
);
const RELEASE_PARTS = 4;
/** A release has 0. */
const PHASES: Readonly<Record<string, number>> = { dev: -4, a: -3, alpha: -3, b: -2, beta: -2, rc: -1 };

/** The order of Python's versions (PEP 440): dev, alpha, beta, candidate, release, each before its own post-releases. */
export function versionOrder(version: string): {
  readonly order: readonly number[];
  readonly isPrerelease: boolean;
} {
  const { release = '', phase, number = '0', post } = PARTS.exec(version)?.groups ?? {};
  const numbers = release.split('.').map(Number);
  const padded = Array.from({ length: RELEASE_PARTS }, (_, index) => numbers[index] ?? 0);
  const rank = phase === undefined ? 0 : (PHASES[phase] ?? 0);
  const postNumber = post === undefined ? -1 : Number(post.slice('.post'.length));
  return { order: [...padded, rank, Number(number), postNumber], isPrerelease: phase !== undefined };
}
