import { SweeplineError } from '../errors.js';

/** Another program has the port of a server that was given it as free. */
export function portTaken(message: string, node: string | undefined): SweeplineError {
  return new SweeplineError('SERVER_PORT_IN_USE', message, {
    ...(node !== undefined && { where: { node } }),
    hint: 'Run the sweep again; another program took the port between its choice and its use.',
  });
}
