/** What lets a client in. Specs name the environment variables that hold it; the values are in no spec and in no record. */
export interface Access {
  /** Bearer token. */
  readonly apiKey?: string | undefined;
  /** Headers sent with every request, by name. One for `authorization` takes the place of the token's. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The headers that say it, by their names in lower case. */
export function accessHeaders({ apiKey, headers = {} }: Access): Readonly<Record<string, string>> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    ...(Object.fromEntries(own) as Record<string, string>),
  };
}

/** What the client writes itself: a second one would be the server's choice. */
const OWN_HEADERS: readonly string[] = [
  ...['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host'],
  ...['transfer-encoding', 'user-agent'],
];

/** Why a header can't be sent; never its value. Names are tokens (RFC 9110, section 5.6.2). */
export function headerProblem(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    return 'the name of a header holds letters, digits and dashes';
  if (OWN_HEADERS.includes(name.toLowerCase())) return `the header ${name} is the client's own`;
  if (!/^[\t\x20-\x7e]*$/.test(value))
    return `the value of the header ${name} holds more than printable ASCII`;
  return undefined;
}

/** Settings of undici for the same endpoint. */
export function tlsOptions({ insecure = false }: { readonly insecure?: boolean | undefined }): {
  readonly connect?: { readonly rejectUnauthorized: false };
} {
  return insecure ? { connect: { rejectUnauthorized: false } } : {};
}
