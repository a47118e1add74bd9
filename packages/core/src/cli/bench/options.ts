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

/** The arguments of a command with these options. */
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
      new Option('--backend <name>', 'the name in the result; it must match --endpoint').choices(BACKENDS),
    )
    .option(
      '--tokenizer <name>',
      "the model's folder, its tokenizer.json, or its name in the Hugging Face cache",
    )
    .option(
      '--header <name=value...>',
      'headers of every request; no file holds their values, but the command line shows them; use --header-env to hide them',
    )
    .option('--header-env <name=variable...>', 'the same, with values from environment variables')
    .option(
      '--request-id-prefix <text>',
      'send the header x-request-id with measured requests: this prefix and their index in the records',
      requestIdPrefix,
    )
    .option('--insecure', 'accept any certificate of an https server; its identity is then not verified')
    .option(
      '--ready-check-timeout-sec <s>',
      "wait at most this many seconds until the endpoint answers; 0: don't wait",
      secondsOrNone,
      0,
    )
    .option('--request-timeout <s>', 'end a request after this many seconds; default: 21600', seconds)
    .option('--profile', 'POST /start_profile before the load and /stop_profile after it');
}

function addClientOptions(command: Command): Command {
  return command
    .optionsGroup('How requests are measured:')
    .option('--num-warmups <n>', 'requests before the measured ones', requestsOrNone, 0)
    .option(
      '--goodput <name:ms...>',
      'objectives in ms that good requests keep, for ttft, tpot and e2el',
      slos,
    )
    .addOption(
      new Option('--connections <mode>', 'a new connection per request, or one kept alive per slot')
        .choices(['per-request', 'per-slot'])
        .default('per-slot'),
    )
    .option('--workers <n|auto>', 'threads that send; default: auto', workers)
    .option(
      '--idle-limit <s>',
      'end the load after this many seconds without progress; default: 600',
      seconds,
    )
    .option(
      '--client-limits <name=value...>',
      'limits above which the client counts as too slow',
      clientLimits,
    )
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
  throw new InvalidArgumentError('records keep the URL: pass a key with OPENAI_API_KEY');
}

/** Adds the brackets that an IPv6 address needs in a URL. */
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
