/** A file that `ci init` writes. */
export interface NewFile {
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  readonly content: string;
  readonly isProgram?: boolean;
}
