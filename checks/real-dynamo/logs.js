// @ts-check
/** What Dynamo's own processes log about their requests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Answered
 * @property {number} input Prompt tokens.
 * @property {number} output
 * @property {boolean} apart Whether different workers did prefill and decode.
 */

/** What the frontend logs about each request, in the order in which they finished. @param {string} folder @returns {readonly Answered[]} */
export function answered(folder) {
  return linesOf(folder, 'frontend')
    .filter((line) => line.includes('request completed') && line.includes('status=success'))
    .map((line) => {
      const [prefill, decode] = [textIn(line, 'prefill_worker_id'), textIn(line, 'decode_worker_id')];
      return {
        input: Number(textIn(line, 'input_tokens')),
        output: Number(textIn(line, 'output_tokens')),
        apart: prefill !== undefined && decode !== undefined && prefill !== decode,
      };
    });
}

/** Number of requests of each worker of a role. @param {string} folder @param {string} role */
export function requestsPerWorker(folder, role) {
  return logsOf(folder, role).map(
    (name) => lines(folder, name).filter((line) => line.includes('request received')).length,
  );
}

/** @param {string} line @param {string} name */
function textIn(line, name) {
  return new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1];
}

/** @param {string} folder @param {string} role */
function linesOf(folder, role) {
  return logsOf(folder, role).flatMap((name) => lines(folder, name));
}

/** @param {string} folder @param {string} role */
function logsOf(folder, role) {
  return readdirSync(folder).filter((name) => name.startsWith(`${role}-`) && name.endsWith('.log'));
}

/** @param {string} folder @param {string} name Without the codes of colours. */
function lines(folder, name) {
  return readFileSync(join(folder, name), 'utf8')
    .replaceAll(/\x1b\[[0-9;]*m/g, '')
    .split('\n');
}
