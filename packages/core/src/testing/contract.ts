/**
 * The functions of a test runner. They are passed in, so that these suites run under vitest, node:test and others without a dependency on
 * any.
 */
export interface TestRunner {
  readonly describe: (title: string, suite: () => void) => unknown;
  readonly it: (title: string, test: () => void | Promise<void>) => unknown;
}

/** A rule that a plugin must follow; throws an assertion error that says what the plugin does instead. */
export interface Check<Subject> {
  readonly title: string;
  run(subject: Subject): void | Promise<void>;
}

/** Turns the checks into a suite. */
export function defineSuite<Subject>(
  { describe, it }: TestRunner,
  title: string,
  checks: readonly Check<Subject>[],
  subject: Subject,
): void {
  describe(title, () => {
    for (const check of checks) it(check.title, () => check.run(subject));
  });
}
