import { timeText } from '../../src/model/number-text.js';

/** A time in UTC; `–` where it isn't known. */
export function Time({ value }: { readonly value: string | undefined }) {
  if (value === undefined) return <>–</>;
  return (
    <time class="whole" dateTime={value}>
      {timeText(value)}
    </time>
  );
}
