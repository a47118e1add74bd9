/** `20260730` or `202607231538`, and a commit right after it. A day without a year has no order: December is not after January. */
const DATED =
  /(?<=[-_])(20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(\d{4})?(?:([-_])[0-9a-f]{7,40})?(?=$|[-_])/g;

/** A part of a tag with signs in place of its days, and these as numbers. */
export function withoutDates(part: string): { readonly flavour: string; readonly order: readonly number[] } {
  const order: number[] = [];
  const flavour = part.replaceAll(
    DATED,
    (_: string, day: string, time: string | undefined, dash: string | undefined) => {
      order.push(Number(day), Number(time ?? 0));
      return `<date>${dash === undefined ? '' : `${dash}<commit>`}`;
    },
  );
  return { flavour, order };
}
