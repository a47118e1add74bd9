import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BenchArguments } from '../../bench/options.js';
import { BACKENDS, ENDPOINTS } from '../../bench/spec.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { allowInvalidOption, positiveInteger } from '../options.js';
import { addFindOptions } from './find-options.js';
import { addForeignOptions } from './foreign-flags.js';
import { addArrivalOptions, addPromptOptions, requestsOrNone } from './load-options.js';
import { clientLimits, slos } from './pairs.js';
import { seconds, secondsOrNone } from './seconds.js';
import { addResultOptions } from './result-options.js';
import { addSamplingOptions } from './sampling-options.js';

/** What a command that has these options was given. */
export function benchArguments(command: Command): BenchArguments {
  return command.opts<BenchArguments>();
}

export function addBenchOptions(command: Command): Command {
  addEndpointOptions(command);
  addSamplingOptions(command);
  addPromptOptions(command);
  addArrivalOptions(command);
  addClientOptions(command);
  addResultOptions(command);
  addFindOptions(command);
  return addForeignOptions(command);
}

function addEndpointOptions(command: Command): Command {
  return command
    .optionsGroup('The endpoint:')
    .option('--model <name>', "the model's name; default: the first one that the server lists")
    .option('--served-model-name <name>', "the model's name in requests; default: --model")
    .option('--base-url <url>', 'the server, without /v1; default: from --host and --port', httpUrl)
    .option('--host <host>', 'host of the server', host, '127.0.0.1')
    .option('--port <port>', 'port of the server', port, 8000)
    .addOption(new Option('--endpoint <path>', 'API to load').choices(ENDPOINTS).default('/v1/completions'))
    .addOption(
      new Option('--backend <name>', 'the name that the result gives; it has to fit --endpoint').choices(
        BACKENDS,
      ),
    )
    .option(
      '--tokenizer <name>',
      "the model's folder, its tokenizer.json, or its name in the Hugging Face cache",
    )
    .option(
      '--header <name=value...>',
      'headers of every request; values are kept out of all files, but the command line shows them: --header-env does not',
    )
    .option('--header-env <name=variable...>', 'the same, with values from environment variables')
    .option(
      '--request-id-prefix <text>',
      'measured requests have a header x-request-id: this, and their index in the records',
      requestIdPrefix,
    )
    .option(
      '--insecure',
      'take any certificate of an https server: nothing then says that it is the one you mean',
    )
    .option(
      '--ready-check-timeout-sec <s>',
      'wait so many seconds at most until the endpoint answers; 0: not at all',
      secondsOrNone,
      0,
    )
    .option('--request-timeout <s>', 'end a request after so many seconds; default: 21600', seconds)
    .option('--profile', 'POST /start_profile before the load and /stop_profile after it');
}

function addClientOptions(command: Command): Command {
  return command
    .optionsGroup('How it is measured:')
    .option('--num-warmups <n>', 'requests before the measured ones', requestsOrNone, 0)
    .option('--goodput <name:ms...>', 'objectives of good requests, of ttft, tpot and e2el', slos)
    .addOption(
      new Option('--connections <mode>', 'a connection for each request, or one kept alive for each slot')
        .choices(['per-request', 'per-slot'])
        .default('per-slot'),
    )
    .option('--workers <n|auto>', 'threads that send; default: auto', workers)
    .option(
      '--idle-limit <s>',
      'end the load after so many seconds without any progress; default: 600',
      seconds,
    )
    .option('--client-limits <name=value...>', 'from where on the client counts as too slow', clientLimits)
    .option('--no-server-metrics', "don't scrape the server's own metrics")
    .option('--disable-tqdm', 'show no progress')
    .addOption(allowInvalidOption());
}

function requestIdPrefix(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new InvalidArgumentError('expected printable ASCII without spaces');
}

function workers(text: string): LoadSpec['workers'] {
  return text === 'auto' ? 'auto' : positiveInteger(text);
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('expected a URL such as http://127.0.0.1:8000');
  }
  if (url.username === '' && url.password === '') return text;
  throw new InvalidArgumentError('records keep the URL: a key is taken from OPENAI_API_KEY');
}

/** With the brackets that a URL has around an IPv6 address. */
function host(text: string): string {
  const name = text.includes(':') ? `[${text}]` : text;
  const url = URL.canParse(`http://${name}`) ? new URL(`http://${name}`) : undefined;
  if (url?.href === `http://${url?.host}/`) return name;
  throw new InvalidArgumentError('expected a name or an address such as 127.0.0.1; --base-url takes a URL');
}

function port(text: string): number {
  const value = positiveInteger(text);
  if (value < 2 ** 16) return value;
  throw new InvalidArgumentError('expected a number up to 65535');
}
