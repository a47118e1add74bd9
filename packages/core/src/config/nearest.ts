import { nearestField } from './issues.js';

/**
 * The known label of hardware that a misspelt one is near to. Labels with other digits name other hardware: h100 is no
 * misspelling of h200.
 */
export function nearestLabel(label: string, known: readonly string[]): string | undefined {
  return nearestField(
    label,
    known.filter((other) => digitsOf(other) === digitsOf(label)),
  );
}

/** `; did you mean "x"?`, or nothing. */
export function suggestion(near: string | undefined): string {
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function digitsOf(label: string): string {
  return label.replaceAll(/\D/g, '');
}
