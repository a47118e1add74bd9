/** A gate at which callers wait while it is closed; open at first. */
export class Gate {
  private closed = false;
  private waiting: (() => void)[] = [];

  close(): void {
    this.closed = true;
  }

  /** Lets `count` waiters pass and stays closed; without a count lets all pass and opens. */
  release(count?: number): void {
    this.closed = count !== undefined;
    for (const pass of this.waiting.splice(0, count ?? this.waiting.length)) pass();
  }

  pass(): Promise<void> {
    return this.closed ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }
}

/** Lets callers wait until a state that changes in steps meets a condition. */
export class Condition {
  private waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  when(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ isMet, resolve });
      this.changed();
    });
  }

  changed(): void {
    const met = this.waiting.filter(({ isMet }) => isMet());
    this.waiting = this.waiting.filter((one) => !met.includes(one));
    for (const { resolve } of met) resolve();
  }
}
