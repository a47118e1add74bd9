// @ts-check
import { cli, defectOf } from '../cli.js';
import { honestServer } from '../servers.js';

/** Wrong or unusual options of bench; URL is replaced by that of an honest server. @type {readonly (readonly string[])[]} */
const OPTIONS = [
  ['--base-url', 'http://127.0.0.1:1'],
  ['--base-url', 'ftp://127.0.0.1'],
  ['--base-url', 'http://user:password@127.0.0.1:1'],
  ['--base-url', 'http://127.0.0.1:1/?key=secret'],
  ['--base-url', 'not a url'],
  ['--base-url', 'URL/v1'],
  ['--base-url', 'URL/'],
  ['--host', '127.0.0.1', '--port', '0'],
  ['--host', '127.0.0.1', '--port', '65536'],
  ['--host', '[::1', '--port', '1'],
  ['--base-url', 'URL', '--max-concurrency', '0'],
  ['--base-url', 'URL', '--max-concurrency', '-1'],
  ['--base-url', 'URL', '--max-concurrency', '1.5'],
  ['--base-url', 'URL', '--max-concurrency', '1e3'],
  ['--base-url', 'URL', '--max-concurrency', 'NaN'],
  ['--base-url', 'URL', '--num-prompts', '0'],
  ['--base-url', 'URL', '--num-prompts', '99999999999999999999'],
  ['--base-url', 'URL', '--random-input-len', '0'],
  ['--base-url', 'URL', '--random-output-len', '-5'],
  ['--base-url', 'URL', '--random-range-ratio', '2'],
  ['--base-url', 'URL', '--random-range-ratio', '0'],
  ['--base-url', 'URL', '--request-rate', '0'],
  ['--base-url', 'URL', '--request-rate', '-3'],
  ['--base-url', 'URL', '--extra-body', '{"max_tokens":'],
  ['--base-url', 'URL', '--extra-body', '[1]'],
  ['--base-url', 'URL', '--endpoint', '/v2/completions'],
  ['--base-url', 'URL', '--tokenizer', '/nowhere/tokenizer.json'],
  ['--base-url', 'URL', '--result-dir', '/dev/null/nowhere', '--save-result'],
  ['--base-url', 'URL', '--keep-records', '/dev/null/nowhere/r.jsonl'],
  ['--base-url', 'URL', '--goodput', 'ttft:-5'],
  ['--base-url', 'URL', '--no-such-option'],
];

/** @type {import('../cases.js').Part} */
export const options = {
  name: 'options',
  title: 'bad `bench` options and URLs',
  claim: 'refused with a reason, or measured',
  async cases(context) {
    const { url } = await honestServer(context);
    return OPTIONS.map((given) => ({
      name: given.join(' '),
      async run({ folder }) {
        const args = given.map((arg) => arg.replace('URL', url));
        const small = ['--random-input-len', '8', '--random-output-len', '4', '--num-prompts', '4'];
        const defaults = small.filter((_, i) => !args.includes(small[i - (i % 2)] ?? ''));
        return defectOf(await cli(['bench', '--model', 'fake-model', ...defaults, ...args], { cwd: folder }));
      },
    }));
  },
};
