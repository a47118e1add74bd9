/** Steps that undo what was done, run in reverse order; a failure doesn't stop the others. */
export interface Undo {
  add(step: () => unknown): void;
  /** Runs the steps, only once. @throws the first failure, after all steps were tried */
  readonly run: () => Promise<void>;
}

export function createUndo(): Undo {
  const steps: (() => unknown)[] = [];
  const runAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const step of steps.reverse()) {
      try {
        await step();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  let running: Promise<void> | undefined;
  return { add: (step) => void steps.push(step), run: () => (running ??= runAll()) };
}
