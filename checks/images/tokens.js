// @ts-check
/** A server of tokens for a registry, as its specification has them (distribution/distribution, docs/spec/auth/token.md). */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID, sign as signatureOf } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Of the registry, and of who signs its tokens. */
export const SERVICE = 'sweepline-check';
const REPOSITORY = 'org/engine';
const LASTS_S = 600;

/** @param {string} login who gets tokens: user and password, in Base64 */
export async function startTokens(login) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }] };

  /** @param {readonly string[]} actions */
  const sign = (actions) => {
    const now = Math.floor(Date.now() / 1000);
    const access = [{ type: 'repository', name: REPOSITORY, actions }];
    const claims = { iss: SERVICE, aud: SERVICE, sub: 'bench', jti: randomUUID(), access };
    const times = { iat: now, nbf: now - 10, exp: now + LASTS_S };
    const text = [
      { typ: 'JWT', alg: 'ES256', kid },
      { ...claims, ...times },
    ]
      .map(encoded)
      .join('.');
    // JWS has the two numbers of an ECDSA signature one after the other (RFC 7518, 3.4).
    const signature = signatureOf('sha256', Buffer.from(text), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${text}.${signature.toString('base64url')}`;
  };

  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    const isAsked =
      searchParams.get('scope') === `repository:${REPOSITORY}:pull` &&
      searchParams.get('service') === SERVICE;
    const isKnown = request.headers.authorization === `Basic ${login}`;
    response.statusCode = !isAsked ? 400 : isKnown ? 200 : 401;
    response.end(response.statusCode === 200 ? JSON.stringify({ token: sign(['pull']) }) : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return { realm: `http://127.0.0.1:${address.port}/token`, jwks, sign, close: () => server.close() };
}

/** @param {object} part */
function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
