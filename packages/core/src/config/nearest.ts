import { nearestField } from './issues.js';

/**
 * The known hardware label closest to a misspelt one. Labels with other digits name other hardware: h100 is not a misspelling of
 * h200.
 */
export function nearestLabel(label: string, known: readonly string[]): string | undefined {
  return nearestField(
    label,
    known.filter((other) => digitsOf(other) === digitsOf(label)),
  );
}

/** `; did you mean "x"?`, or empty. */
export function suggestion(near: string | undefined): string {
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function digitsOf(label: string): string {
  return label.replaceAll(/\D/g, '');
}
