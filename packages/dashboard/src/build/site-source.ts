import { readFile } from 'node:fs/promises';
import { messageOf, SweeplineError, type CommandContext } from '@sweepline/core';
import { openIndex, text, object, type Choice, type Database } from '@sweepline/store/read';
import { choose, type Chosen } from '../data/chosen.js';
import type { SiteHardware } from '../site/site-data.js';
import { hardwareOf } from '../data/hardware.js';

/** What a site is made of. */
export interface SiteSource extends Disposable {
  readonly chosen: Chosen;
  readonly hardware: readonly SiteHardware[];
  /** Sweepline's version. */
  readonly sweepline: string;
}

/** Opens the workspace's results. @throws {SweeplineError} USAGE where no result is chosen */
export async function openSource(context: CommandContext, choice: Choice): Promise<SiteSource> {
  const index: Database = await openIndex(context);
  try {
    const chosen = await choose(index, choice, context.signal);
    if (chosen.points === 0)
      throw new SweeplineError('USAGE', 'no result is chosen', {
        hint: '`sweepline results` lists them with the same filters.',
      });
    return {
      chosen,
      hardware: hardwareOf(await skusOf(context)),
      sweepline: await ownVersion(),
      [Symbol.dispose]: () => index[Symbol.dispose](),
    };
  } catch (error) {
    index[Symbol.dispose]();
    throw error;
  }
}

async function skusOf(context: CommandContext): ReturnType<CommandContext['skus']> {
  try {
    return await context.skus();
  } catch (error) {
    context.logger.warn(`the site has no specifications of hardware: ${messageOf(error)}`);
    return [];
  }
}

async function ownVersion(): Promise<string> {
  const file = new URL('../../package.json', import.meta.url);
  return text(object(JSON.parse(await readFile(file, 'utf8')))['version']) ?? '';
}
