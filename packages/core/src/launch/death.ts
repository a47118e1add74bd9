import { stripVTControlCharacters } from 'node:util';
import { SweeplineError, messageOf } from '../errors.js';
import type { Exit } from '../plugin/node.js';
import type { Mask } from '../secrets.js';
import { diskFull } from './fitness/disk.js';
import { portTaken } from './port-taken.js';
import { endOfLog, type ServerLog } from './server-logs.js';

const LOG_TAIL_CHARS = 2000;

/** Why a server's process ended, by the last words of its log; of a group, by those of the first rank that has any of an error. */
export async function deathOf(
  role: string,
  logs: readonly ServerLog[],
  exit: Exit,
  mask: Mask,
): Promise<SweeplineError> {
  const tails = await Promise.all(logs.map((log) => tailOf(log, mask)));
  const telling = Math.max(
    0,
    tails.findIndex((text) => /error|exception|killed|fatal/i.test(text)),
  );
  const tail = tails[telling] ?? '';
  const log = logs[telling];
  const node = log?.executor.node.name;
  const by = exit.signal === undefined ? `exited with code ${exit.code}` : `was killed by ${exit.signal}`;
  const how = exit.outOfMemory ? `${by}, as it took more memory than its limit` : by;
  const last = lastWords(tail);
  if (/EADDRINUSE|address already in use/i.test(tail)) {
    return portTaken(`${role} ${how}: its port was taken: ${last}`, node);
  }
  const full = diskFull(node ?? 'its node', `${role} ${how}`, tail);
  if (full !== undefined) return full;
  return new SweeplineError('SERVER_DIED', `${role} ${how}${last === '' ? '' : `: ${last}`}`, {
    ...(node !== undefined && { where: { node } }),
    ...(log !== undefined && { hint: `Its whole output is in ${log.file}, in the point's folder.` }),
  });
}

async function tailOf(log: ServerLog, mask: Mask): Promise<string> {
  try {
    return mask.text(stripVTControlCharacters(await endOfLog(log))).slice(-LOG_TAIL_CHARS);
  } catch (thrown) {
    return `its log can't be read: ${messageOf(thrown)}`;
  }
}

/** A log's last line; of a Node program that threw, which ends with its version, the line that says what. */
function lastWords(tail: string): string {
  const lines = tail.split('\n');
  const last = lines.at(-1) ?? '';
  if (!/^Node\.js v\d/.test(last)) return last;
  return lines.findLast((line) => /^(?:Uncaught )?\w*(?:Error|Exception)\b/.test(line)) ?? last;
}
