/** Marks of a server that stood still, Sweepline's and those of imported rows. */
export const STALLS: readonly string[] = ['stall', 'server-stall'];

export function hasStalled({ marks }: { readonly marks: readonly string[] }): boolean {
  return marks.some((code) => STALLS.includes(code));
}
