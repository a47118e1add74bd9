import { z } from '@sweepline/core';
import type { Credentials } from './credentials.js';
import { RegistryError, request, type Answer } from './http.js';

const tokenAnswer = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });
const CLIENT = 'sweepline';

/**
 * The `authorization` that a registry asks for in its answer 401.
 * Source: distribution/distribution, docs/spec/auth/token.md and oauth.md.
 * @throws {RegistryError}
 */
export async function authorize(
  { headers, url }: Answer,
  credentials: Credentials | undefined,
  scope: string,
  signal: AbortSignal,
): Promise<string> {
  const challenge = headers.get('www-authenticate') ?? '';
  if (/^basic\b/i.test(challenge)) {
    if (credentials === undefined || !('username' in credentials))
      throw new RegistryError('asks for a login');
    return basic(credentials);
  }
  if (!/^bearer\b/i.test(challenge)) throw new RegistryError('asks for a login of a kind that is not known');
  const values = parameters(challenge);
  const realm = values['realm'];
  if (realm === undefined || !URL.canParse(realm))
    throw new RegistryError('does not say where tokens are had');
  const service = new URL(realm);
  // A token, or the password for one, is not to be read on the way.
  if (service.protocol !== 'https:' && !(service.protocol === 'http:' && url.protocol === 'http:'))
    throw new RegistryError('wants tokens asked for without TLS');
  const asked = { service: values['service'] ?? '', scope: values['scope'] ?? scope };
  const answer = await askToken(service, asked, credentials, signal);
  if (answer.status !== 200) throw new RegistryError(`gives no token: HTTP ${answer.status}`);
  return `Bearer ${tokenIn(answer.body)}`;
}

function askToken(
  realm: URL,
  asked: Readonly<Record<'service' | 'scope', string>>,
  credentials: Credentials | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  if (credentials !== undefined && 'identityToken' in credentials) {
    const more = { grant_type: 'refresh_token', refresh_token: credentials.identityToken, client_id: CLIENT };
    return request(realm, { form: new URLSearchParams({ ...asked, ...more }), signal });
  }
  for (const [name, value] of Object.entries(asked)) if (value !== '') realm.searchParams.set(name, value);
  return request(realm, {
    signal,
    ...(credentials === undefined ? {} : { headers: { authorization: basic(credentials) } }),
  });
}

function tokenIn(body: Buffer): string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch {
    throw new RegistryError('gives a token that is not JSON');
  }
  const { data } = tokenAnswer.safeParse(json);
  const token = data?.token ?? data?.access_token;
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token))
    throw new RegistryError('gives an answer without a token');
  return token;
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** `realm="…",service="…"`. */
function parameters(challenge: string): Readonly<Record<string, string>> {
  const found = challenge.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    Array.from(found, ([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
    ]),
  );
}
