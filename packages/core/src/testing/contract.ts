/** The test runner's functions, so that these suites run under vitest, node:test and others without depending on any. */
export interface TestRunner {
  readonly describe: (title: string, suite: () => void) => unknown;
  readonly it: (title: string, test: () => void | Promise<void>) => unknown;
}

/** One thing a plugin must keep to; throws an assertion error that says what it does instead. */
export interface Check<Subject> {
  readonly title: string;
  run(subject: Subject): void | Promise<void>;
}

/** Makes a suite of the checks. */
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
