export interface ApiErrorOptions {
  /** The invalid field of the request. */
  readonly param?: string;
  readonly code?: string;
}

/** An error for the client, with its HTTP status. */
export class ApiError extends Error {
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super(message);
    this.status = status;
    this.param = options.param ?? null;
    this.code = options.code ?? null;
  }

  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    return new ApiError(500, error instanceof Error ? error.message : String(error));
  }

  /** The body of an error in OpenAI's API. */
  get body() {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }
}

/** A 400 for one field. */
export function invalid(param: string, message: string, code?: string): ApiError {
  return new ApiError(400, message, code === undefined ? { param } : { param, code });
}
