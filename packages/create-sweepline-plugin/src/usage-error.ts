/** A mistake of the user's, with what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
