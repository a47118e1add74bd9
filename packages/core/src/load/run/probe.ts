import { SweeplineError } from '../../errors.js';
import { accessHeaders, tlsOptions, type Access } from '../client/access.js';
import { isBusy } from './ask.js';
import type { Outcome } from '../records/request-record.js';
import { isObject } from '../client/codec.js';
import type { LoadSpec } from '../spec/spec.js';

const UNREACHABLE: readonly string[] = [
  'connect-failed',
  'connect-timeout',
  'connection-lost',
  'malformed-response',
  'timed-out',
];

/** Whether the endpoint gave no valid answer, and would give none in any other form. */
function isUnreachable(outcome: Outcome): boolean {
  return outcome.error !== undefined && UNREACHABLE.includes(outcome.error.code);
}

/** The error for a first request that failed. */
export async function probeError(
  spec: LoadSpec,
  outcome: Outcome,
  access: Access = {},
): Promise<SweeplineError> {
  const { baseUrl, api } = spec.endpoint;
  const { code, message } = outcome.error ?? { code: outcome.state, message: 'no answer' };
  const said = `${baseUrl} (${api}, model ${spec.model}): ${code}: ${message}`;
  if (isUnreachable(outcome)) {
    return new SweeplineError('ENDPOINT_UNREACHABLE', said, {
      hint: isOfCertificate(message)
        ? 'Set NODE_EXTRA_CA_CERTS to its certificate authority, or give --insecure, which accepts any certificate.'
        : 'Check that the server is running, and its host and port.',
    });
  }
  return new SweeplineError('REQUEST_FAILED', said, { hint: await hint(spec, code, access) });
}

/** The messages of OpenSSL, and Node's message for a name that doesn't match the certificate. */
function isOfCertificate(message: string): boolean {
  return /certificate|altnames/i.test(message);
}

async function hint(spec: LoadSpec, code: string, access: Access): Promise<string> {
  if (code === 'http-401' || code === 'http-403') {
    return 'The endpoint needs a token: export it as OPENAI_API_KEY for `sweepline bench`, or give --header; a load spec names its variable in endpoint.apiKeyEnv.';
  }
  if (isBusy(code)) {
    return 'It was asked several times. Wait until the server is ready; if it fails only with token ids, send prompts as text (--prompt-form text).';
  }
  const models = await listModels(spec, access).catch(() => []);
  const served = models.length > 0 ? ` The server lists ${models.join(', ')}.` : '';
  return `Check the model's name, the API and the base URL (without /v1).${served}`;
}

/** Names of the served models, as the endpoint lists them. */
async function listModels(spec: LoadSpec, access: Access): Promise<string[]> {
  const { Agent, request } = await import('undici');
  const { statusCode, body } = await request(`${spec.endpoint.baseUrl.replace(/\/+$/, '')}/v1/models`, {
    headers: accessHeaders(access),
    ...(spec.endpoint.insecure && { dispatcher: new Agent(tlsOptions(spec.endpoint)) }),
    signal: AbortSignal.timeout(spec.timeouts.connectS * 1000),
  });
  const list: unknown = await body.json();
  if (statusCode !== 200 || !isObject(list) || !Array.isArray(list['data'])) return [];
  return list['data'].filter(isObject).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
}
