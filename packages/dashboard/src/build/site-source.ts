import { messageOf, SweeplineError, type CommandContext } from '@sweepline/core';
import { openIndex, type Choice, type Database } from '@sweepline/store/read';
import { choose } from '../data/indexed.js';
import { hardwareOf } from '../data/hardware.js';
import { ownVersion } from './own-version.js';
import type { SitePoints } from './write-tables.js';

/** Disposing it closes the index. */
export interface SiteSource extends SitePoints, Disposable {}

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
