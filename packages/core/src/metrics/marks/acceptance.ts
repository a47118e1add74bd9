import { invalid, note, type Mark } from './mark.js';

/** Share by which the length that an engine counts may differ from the one that it was ordered to have. */
const TOLERATED = 0.05;

/**
 * An engine that was ordered how many drafts to accept measures its own speed, and not that of its drafts.
 * @param injected tokens a step, and the setting
 * @param counted by the engine, over the load; undefined where it doesn't say
 */
export function acceptanceMarks(
  injected: { readonly length: number; readonly by: string } | undefined,
  counted: number | undefined,
): readonly Mark[] {
  if (injected === undefined) return [];
  const { length, by } = injected;
  const ordered = `${by} orders ${length} tokens a step of speculative decoding, whatever the drafts are worth`;
  if (counted === undefined)
    return [note('acceptance-injected', `${ordered}; the engine does not say what it did`)];
  if (Math.abs(counted - length) <= TOLERATED * length)
    return [note('acceptance-injected', `${ordered}; the engine counts ${counted.toFixed(2)}`)];
  return [
    invalid(
      'acceptance-injected',
      `${ordered}, and the engine counts ${counted.toFixed(2)}: it differs by more than ${TOLERATED * 100} %`,
    ),
  ];
}
