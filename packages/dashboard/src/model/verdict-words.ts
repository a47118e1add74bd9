import type { Judgement, Verdict } from '@sweepline/store/judge';
import type { ChangedSetting } from './measurements.js';

/** A share with its sign: `+3.4 %`. */
export function changeText(share: number): string {
  const percent = Number((100 * share).toPrecision(3));
  const text = Math.abs(percent) < 0.01 ? '0' : String(Math.abs(percent));
  return `${text === '0' ? '' : percent > 0 ? '+' : '−'}${text} %`;
}

const WORDS: Readonly<Record<Verdict, string>> = {
  ...{ better: 'better', worse: 'worse', same: 'the same' },
  unsure: "can't say",
};

/** `can't say: repeats differ as much`. */
export function verdictText({ verdict, reason }: Pick<Judgement, 'verdict' | 'reason'>): string {
  return reason === undefined ? WORDS[verdict] : `${WORDS[verdict]}: ${reason}`;
}

export function intervalText(interval: Judgement['interval']): string | undefined {
  return interval && `${changeText(interval[0])} to ${changeText(interval[1])}`;
}

/** What differs besides what is compared: places last. */
export function changedText(changed: readonly ChangedSetting[]): string {
  const [settings, places] = [changed.filter((one) => !one.isPlace), changed.filter((one) => one.isPlace)];
  return [...settings, ...places].map(({ label }) => label).join(', ');
}
