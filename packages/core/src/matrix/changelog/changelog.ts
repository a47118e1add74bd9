import type { Dialect } from '../../config/model.js';
import { SweeplineError } from '../../errors.js';
import { silentLogger, type Logger } from '../../logger.js';
import { isMultiNode } from '../job.js';
import { addedRows } from './append-only.js';
import { checkScope, type Entries } from './append-scope.js';
import { toMatrix, type ChangelogMatrix, type Expanded } from './buckets.js';
import { readDiff, type FileDiff, type Line } from './diff.js';
import { readEntries } from './entries.js';
import { resolveKeys, type ResolvedEntry } from './keys.js';
import { together } from './problems.js';
import type { Row } from './row.js';
import { planRuns, type Run, type SweepFlags } from './runs.js';
import { trimConcurrencies } from './trim.js';

/** The config entries of one revision, and how they are expanded: as in `matrix test-config`. */
export interface Revision {
  readonly dialect: Dialect;
  readonly entries: Entries;
  expand(run: Run): readonly Row[];
}

export interface ChangelogRequest {
  /** The changelog's path in messages. */
  readonly file: string;
  /** The changelog's changes from base to head: a unified diff. */
  readonly diff: string;
  readonly baseRef: string;
  readonly headRef: string;
  readonly head: Revision;
  /** Called only for append-only entries. */
  base(): Promise<Revision>;
  readonly flags?: SweepFlags;
  readonly logger?: Logger;
}

/**
 * The runs that the entries added to a changelog ask for. InferenceX's process_changelog.py defines the rules.
 * @throws {SweeplineError} CHANGELOG_DELETION, CHANGELOG_EMPTY, CHANGELOG_INVALID, CONFIG_SYNTAX or APPEND_ONLY.
 */
export async function changelogMatrix(request: ChangelogRequest): Promise<ChangelogMatrix> {
  const { file, baseRef, headRef, head, flags = {}, logger = silentLogger } = request;
  const { dialect } = head;
  const added = addedText(readDiff(request.diff), file, logger);
  const entries = resolveKeys(await readEntries(added, file, dialect), [...head.entries.keys()]);
  const base = await baseOf(request, entries, flags);
  const runs = planRuns(entries, dialect, flags);
  const { benchmarks, evals } = expandRuns(runs, head, base);
  const trimmed = flags.trimConc === true ? trimConcurrencies(benchmarks) : benchmarks;
  return toMatrix({ benchmarks: trimmed, evals }, dialect, {
    base_ref: baseRef,
    head_ref: headRef,
    entries: entries.map(({ written }) => written),
  });
}

function addedText({ added, deleted, overlooked }: FileDiff, file: string, logger: Logger): string {
  const gone = blocksOf(deleted).filter((block) => block.some(({ text }) => text.trim() !== ''));
  if (gone.length > 0) throw together(gone.map((block) => deletion(block, file)));
  for (const { line, text } of overlooked.added) {
    logger.warn(`${file}:${line}: a line that starts with ++ is ignored, as in InferenceX: ${text}`);
  }
  for (const { line, text } of overlooked.deleted) {
    logger.warn(
      `${file}: line ${line} of the base starts with -- and may be deleted, as in InferenceX: ${text}`,
    );
  }
  if (added.trim() !== '') return added;
  throw new SweeplineError('CHANGELOG_EMPTY', 'nothing was added to the changelog', {
    where: { file },
    hint: 'Append an entry that names the config keys to run, or compare other revisions.',
  });
}

/** Groups of consecutive lines. */
function blocksOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const blocks: Line[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last?.at(-1)?.line === line.line - 1) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

function deletion(block: readonly Line[], file: string): SweeplineError {
  const [first, last] = [block[0]!, block.at(-1)!];
  const what =
    first === last
      ? `line ${first.line} of the base is deleted or changed:`
      : `lines ${first.line} to ${last.line} of the base are deleted or changed, beginning with`;
  return new SweeplineError('CHANGELOG_DELETION', `${what} ${first.text}`, {
    where: { file, line: first.line },
    hint: 'A changelog may only grow: restore the deleted or changed lines, including line ends.',
  });
}

/** The base if entries are append-only; then all of them must be, and nothing else may have changed. */
async function baseOf(
  request: ChangelogRequest,
  entries: readonly ResolvedEntry[],
  flags: SweepFlags,
): Promise<Revision | undefined> {
  const appending = entries.filter(({ written }) => written['append-only'] === true);
  const [first] = appending;
  if (first === undefined) return undefined;
  const where = first.at(['append-only']);
  if (appending.length < entries.length) {
    const message = `append-only entries can't be combined with others`;
    throw new SweeplineError('CHANGELOG_INVALID', message, {
      where,
      hint: 'Sweep them separately.',
    });
  }
  if (flags.allEvals === true || flags.evalsOnly === true) {
    throw new SweeplineError('USAGE', `append-only entries run no evals`, {
      where,
      hint: 'Leave out --all-evals and --evals-only.',
    });
  }
  const base = await request.base();
  checkScope(base.entries, request.head.entries, entries);
  return base;
}

function expandRuns(runs: readonly Run[], head: Revision, base: Revision | undefined): Expanded {
  const benchmarks: Row[] = [];
  const evals: Row[] = [];
  for (const run of runs) {
    const { written, at } = run.entry;
    const rows = head.expand(run);
    if (base !== undefined) benchmarks.push(...addedRows(base.expand(run), rows, at(['append-only'])));
    else if (run.evals === 'none' || head.dialect === '2026-02') benchmarks.push(...rows);
    else evals.push(...rows.filter(prefillsWith(written['eval-min-prefill-ep'])));
  }
  return { benchmarks, evals };
}

/** Whether all of a row's prefill workers have an ep of at least `minimum`; a row without such workers passes. */
function prefillsWith(minimum = 0): (row: Row) => boolean {
  return (row) => !isMultiNode(row) || row.prefill.ep >= minimum;
}
