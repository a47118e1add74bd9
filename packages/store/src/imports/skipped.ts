import type { SourceRow } from '../index/rows.js';

/** Counts rows that are left out, by reason. */
export class Skipped {
  readonly #counts = new Map<string, number>();

  add(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  *rows(run: string, file: string | undefined): Iterable<SourceRow> {
    for (const [reason, rows] of this.#counts) yield { table: 'skipped', cells: { run, file, reason, rows } };
  }
}
