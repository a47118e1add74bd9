import { resultSchema, type Result } from './schema.js';
import { checked, notRead } from './stored-json.js';

/** Checks the content of a result.json. @throws {SweeplineError} RESULT_READ_FAILED */
export function parseResult(text: string, file: string): Result {
  try {
    return checked(JSON.parse(text), resultSchema);
  } catch (cause) {
    throw notRead(file, cause);
  }
}
