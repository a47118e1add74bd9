/** A text file that is checked. */
export interface AuditFile {
  /** Relative to the folder that is audited, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Its lines; comments of shell and YAML are blank in them. */
  readonly lines: readonly string[];
  /** Config entries, if it is YAML that has some. */
  readonly entries: readonly AuditEntry[];
  /** If it is a point's result. */
  readonly marks: readonly AuditMark[];
}

/** What Sweepline has found wrong with a result, or worth a note. */
export interface AuditMark {
  readonly code: string;
  readonly severity: 'note' | 'invalid';
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** An entry of a master config. */
export interface AuditEntry {
  readonly key: string;
  readonly framework: string;
  readonly image: string;
  /** Of its image, from 1. */
  readonly imageLine: number;
  /** Input and output tokens of its scenarios, with their lines. */
  readonly lengths: readonly { readonly isl: number; readonly osl: number; readonly line: number }[];
}

/** What rules know of the whole folder. */
export interface AuditContext {
  /** Acceptance lengths of golden_al_distribution; undefined where there is no such folder. */
  readonly goldenLengths: ReadonlySet<string> | undefined;
  /** Scenarios that MODELS.md says are deprecated for all models, such as `1k8k`. */
  readonly deprecated: ReadonlySet<string>;
}

/** What breaks a rule, or has to be looked at. */
export interface Finding {
  /** From 1. */
  readonly line: number;
  /** What is there: a flag, a command, a value. */
  readonly evidence: string;
  readonly message: string;
  /** Default: the rule's. */
  readonly severity?: Severity;
}

/** `red` ends the command with exit code 7; `look` asks a person to judge. */
export type Severity = 'red' | 'look';

/** A rule: one file in rules/, listed in rules.ts. */
export interface AuditRule {
  readonly id: string;
  /** What would be worth less without it. */
  readonly protects: string;
  /** Where the rule comes from. */
  readonly source: string;
  readonly severity: Severity;
  /** Pure. */
  check(file: AuditFile, context: AuditContext): readonly Finding[];
}
