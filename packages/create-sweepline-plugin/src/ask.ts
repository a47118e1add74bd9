import { createInterface } from 'node:readline/promises';
import { KIND_NAMES, KINDS, kindOf, type Kind } from './kinds.js';
import { namesOf } from './names.js';
import { UsageError } from './usage-error.js';

/** The user cancelled a question with Ctrl-C or Ctrl-D. */
export class Stopped extends Error {
  constructor() {
    super('stopped; nothing was made.');
  }
}

/** Where questions are asked. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** @throws {UsageError} if nobody can answer. */
export function askName(conversation: Conversation): Promise<string> {
  return ask(
    conversation,
    'the name of the package',
    'Package, such as acme-engine or @acme/engine: ',
    (answer) => namesOf(answer).package,
  );
}

/** @throws {UsageError} if nobody can answer. */
export function askKind(conversation: Conversation): Promise<Kind> {
  const kinds = KIND_NAMES.map((kind) => `  ${kind}: ${KINDS[kind].summary}\n`).join('');
  return ask(conversation, '--kind', `${kinds}Kind of plugin: `, kindOf);
}

/** Asks until the answer is valid. */
async function ask<T>(
  { input, output }: Conversation,
  what: string,
  question: string,
  read: (answer: string) => T,
): Promise<T> {
  if (input.isTTY !== true) throw new UsageError(`${what} is missing; see --help.`);
  const lines = createInterface({ input, output });
  // Ctrl-C and Ctrl-D leave a question without an answer.
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new Stopped()));
  });
  closed.catch(() => {});
  try {
    for (;;) {
      try {
        return read((await Promise.race([lines.question(question), closed])).trim());
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        output.write(`${error.message}\n`);
      }
    }
  } finally {
    lines.close();
  }
}
