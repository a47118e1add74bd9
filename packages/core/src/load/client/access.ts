/** Credentials of a client. Specs name the environment variables that hold them; the values are in no spec and no record. */
export interface Access {
  /** Bearer token. */
  readonly apiKey?: string | undefined;
  /** Headers sent with every request, by name. A header `authorization` replaces that of the token. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The headers for these credentials, by their names in lower case. */
export function accessHeaders({ apiKey, headers = {} }: Access): Readonly<Record<string, string>> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    ...(Object.fromEntries(own) as Record<string, string>),
  };
}

/** Headers that the client writes itself: if they were sent twice, the server would choose which one counts. */
const OWN_HEADERS: readonly string[] = [
  ...['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host'],
  ...['transfer-encoding', 'user-agent'],
];

/** Why a header can't be sent; never contains its value. Names are tokens (RFC 9110, section 5.6.2). */
export function headerProblem(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    return 'the name of a header may have only letters, digits and dashes';
  if (OWN_HEADERS.includes(name.toLowerCase())) return `the client itself sets the header ${name}`;
  if (!/^[\t\x20-\x7e]*$/.test(value))
    return `the value of the header ${name} has characters that are not printable ASCII`;
  return undefined;
}

/** Settings of undici for the same endpoint. */
export function tlsOptions({ insecure = false }: { readonly insecure?: boolean | undefined }): {
  readonly connect?: { readonly rejectUnauthorized: false };
} {
  return insecure ? { connect: { rejectUnauthorized: false } } : {};
}
