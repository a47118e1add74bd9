/** Where stages log. Only the CLI decides where the lines go; never to stdout. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Logs nothing. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
