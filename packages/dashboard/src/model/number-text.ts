const SIGNIFICANT = new Intl.NumberFormat('en', { maximumSignificantDigits: 5 });
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Counts in full, other numbers with five significant digits or without a fraction: `65,536`, `12,346`, `0.012346`. */
export function numberText(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 10_000
    ? WHOLE.format(value)
    : SIGNIFICANT.format(value);
}

/** With its unit after it, if it has one. */
export function withUnit(value: number, unit: string | undefined): string {
  return unit === undefined || unit === '' ? numberText(value) : `${numberText(value)} ${unit}`;
}

/** `2026-12-02 06:16:52 UTC` of ISO 8601 in UTC; a day alone, and what is no time, as it is. */
export function timeText(time: string): string {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(time) ?? [];
  return day === undefined || clock === undefined ? time : `${day} ${clock} UTC`;
}
