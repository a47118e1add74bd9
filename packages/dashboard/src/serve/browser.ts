import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Programs that show an address in the user's browser, with what comes before it. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // `start` is part of a shell, which would read characters of the address as its own; this is what it calls.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const USUAL = ['xdg-open'] as const;

/** Time after which a program that hasn't ended is a browser that runs, ms. */
const PATIENCE_MS = 2_000;

/** Arguments that show an address, the program first. */
export function openerOf(address: string, platform: NodeJS.Platform): readonly [string, ...string[]] {
  const [program, ...before] = OPENERS[platform] ?? USUAL;
  return [program, ...before, address];
}

/** Starts it without waiting for its end. @returns whether it could be started */
export async function startBrowser([program, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.unref();
  const stop = new AbortController();
  const ended = once(child, 'exit', stop).then(
    ([code]) => code === 0,
    () => false,
  );
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const isOpen = (await ended) || stop.signal.aborted;
  clearTimeout(timer);
  return isOpen;
}
