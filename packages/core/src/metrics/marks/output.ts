import type { RunRecord } from '../../load/record.js';
import { completedOf, tpotMs } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether what the server sent, and said of it, can be what it seems. */
export const OUTPUT_CHECKS: readonly Check[] = [notStreamed, missingUsage, otherOutputLength];

/** TTFT and TPOT mean nothing for a response that was held back and came in one piece. */
function notStreamed(run: RunRecord): Mark | undefined {
  const long = completedOf(run).filter((request) => tpotMs(request) !== undefined);
  const atOnce = long.filter((request) => request.chunkMs.length === 1);
  if (atOnce.length * 2 <= long.length) return undefined;
  return invalid('not-streamed', `${atOnce.length} of ${long.length} responses came in one piece`);
}

function missingUsage(run: RunRecord): Mark | undefined {
  const completed = completedOf(run);
  const missing = completed.filter((request) => request.outputTokens === undefined).length;
  if (missing === 0) return undefined;
  return note(
    'missing-usage',
    `${missing} of ${completed.length} responses came without usage: token throughput can not be told`,
  );
}

function otherOutputLength(run: RunRecord): Mark | undefined {
  const known = completedOf(run).filter((request) => request.outputTokens !== undefined);
  const short = known.filter((request) => request.outputTokens !== request.requestedOutputTokens).length;
  if (short <= MARK_LIMITS.shortShare * known.length) return undefined;
  return note('short', `${short} of ${known.length} outputs have another length than asked for`);
}
