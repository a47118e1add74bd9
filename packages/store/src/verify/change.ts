/** Something in a bundle that is not as it was written. */
export interface Change {
  /** A file of the bundle, or a part of the container. */
  readonly what: string;
  readonly problem: string;
}
