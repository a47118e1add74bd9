import { ApiError, invalid } from './api-error.js';

/** A JSON request's fields; null counts as absent. Each is read once; those left over are unsupported. */
export class Fields {
  readonly #fields: Map<string, unknown>;

  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new ApiError(400, 'the request body must be a JSON object');
    }
    this.#fields = new Map(Object.entries(body).filter(([, value]) => value !== null));
  }

  take(name: string): unknown {
    const value = this.#fields.get(name);
    this.#fields.delete(name);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.take(name) ?? false;
    if (typeof value !== 'boolean') throw invalid(name, `"${name}" must be a boolean`);
    return value;
  }

  number(name: string, least: number, most: number): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw invalid(name, `"${name}" must be a number from ${least} to ${most}`);
  }

  integer(name: string, least: number): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw invalid(name, `"${name}" must be an integer of at least ${least}`);
  }

  /** Rejects the fields that nothing has read, unless their value asks for the default anyway. */
  finish(neutral: Readonly<Record<string, (value: unknown) => boolean>>): void {
    for (const [name, value] of this.#fields) {
      const asksNothing = Object.hasOwn(neutral, name) ? neutral[name] : undefined;
      if (!asksNothing) throw invalid(name, `this server doesn't know the parameter "${name}"`);
      if (!asksNothing(value))
        throw invalid(name, `this server doesn't support ${JSON.stringify(value)} for "${name}"`);
    }
  }
}
