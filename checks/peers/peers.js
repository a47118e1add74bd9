// @ts-check
/** How each peer gets the load, as a script that the harness runs. */
import { join } from 'node:path';
import { quoted } from '../../bench/loadgen/harness.js';
import { INPUT_LEN, OUTPUT_LEN } from './cells.js';

/**
 * @typedef {import('./environment.js').PeerName} PeerName
 * @typedef {object} Given
 * @property {string} command The peer's program.
 * @property {import('./workload.js').Workload} workload
 * @property {import('./cells.js').PeerCell} cell
 * @property {string} folder Folder for its output.
 */

/** @type {Record<PeerName, (given: Given) => string>} Shell. */
export const PEERS = {
  sweepline({ command, workload, cell }) {
    return `exec ${words(process.execPath, command, 'bench', '--allow-invalid', '--model', 'mock', '--tokenizer', workload.tokenizer)} --base-url "$BASE_URL" ${words(
      ...['--random-input-len', String(INPUT_LEN), '--random-output-len', String(OUTPUT_LEN), '--ignore-eos'],
      ...['--max-concurrency', String(cell.concurrency), '--num-prompts', String(cell.numPrompts)],
      '--save-result',
    )} --result-dir "$(dirname "$RESULT_JSON")" --result-filename "$(basename "$RESULT_JSON")"`;
  },

  aiperf({ command, workload, cell, folder }) {
    const input = workload.prompts('text', cell.numPrompts);
    return `${words(command, 'profile', '--model', 'mock', '--tokenizer', workload.tokenizer)} --url "$BASE_URL" ${words(
      ...['--endpoint-type', 'completions', '--streaming', '--use-server-token-count'],
      ...['--input-file', input, '--custom-dataset-type', 'single-turn', '--random-seed', '0'],
      ...['--extra-inputs', 'ignore_eos:true', '--extra-inputs', `max_tokens:${OUTPUT_LEN}`],
      ...['--concurrency', String(cell.concurrency), '--request-count', String(cell.numPrompts)],
      ...['--no-gpu-telemetry', '--no-server-metrics', '--ui', 'none'],
      ...['--export-level', 'summary', '--artifact-dir', folder],
    )}\n${converted('aiperf', join(folder, 'profile_export_aiperf.json'))}`;
  },

  guidellm({ command, workload, cell, folder }) {
    const [data, output] = [workload.prompts('prompt', cell.numPrompts), join(folder, 'guidellm.json')];
    // In the shell's double quotes, for the address.
    const backend = `"kind=openai_http,target=$BASE_URL,model=mock,request_format=/v1/completions"`;
    return `${words(command, 'run', '--backend')} ${backend} ${words(
      ...['--profile', `kind=concurrent,streams=${cell.concurrency}`],
      ...['--constraint', `kind=max_requests,count=${cell.numPrompts}`],
      ...['--data', `kind=json_file,path=${data}`],
      ...['--tokenizer', `kind=huggingface_auto,model=${workload.tokenizer}`],
      ...['--output', `kind=json,path=${output}`, '--disable-console-interactive'],
    )}\n${converted('guidellm', output)}`;
  },

  // Its dataset of files needs pandas, which serving doesn't need: it uses its own random prompts, of the same length.
  vllm({ command, workload, cell }) {
    return `exec ${words(command, 'bench', 'serve', '--model', 'mock', '--tokenizer', workload.tokenizer)} --base-url "$BASE_URL" ${words(
      ...['--dataset-name', 'random', '--random-input-len', String(INPUT_LEN)],
      ...['--random-output-len', String(OUTPUT_LEN), '--ignore-eos', '--disable-tqdm'],
      ...['--max-concurrency', String(cell.concurrency), '--num-prompts', String(cell.numPrompts)],
      ...['--ready-check-timeout-sec', '0', '--percentile-metrics', 'ttft,tpot,itl,e2el', '--save-result'],
    )} --result-dir "$(dirname "$RESULT_JSON")" --result-filename "$(basename "$RESULT_JSON")"`;
  },
};

/** @param {...string} values */
const words = (...values) => values.map(quoted).join(' ');

/** @param {string} peer @param {string} file */
const converted = (peer, file) =>
  `exec ${words(process.execPath, join(import.meta.dirname, 'convert.js'), peer, file)} "$RESULT_JSON"`;
