/** What is to be undone, the last first; whatever fails, the rest is undone, too. */
export interface Undo {
  add(step: () => unknown): void;
  /** Once, also if it is asked for several times. @throws the first failure, when all has been tried */
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
