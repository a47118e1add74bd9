/** What was asked for can't be done, for a reason that the one who asked can mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
