import { note, type Mark } from './mark.js';

/** Uncertain facts about a node's devices. */
export function hardwareMarks(
  findings: readonly { readonly kind: 'unchecked' | 'fewer-devices'; readonly message: string }[],
): readonly Mark[] {
  const messages = (kind: string): string =>
    [...new Set(findings.filter((one) => one.kind === kind).map(({ message }) => message))].join('; ');
  const [unchecked, fewer] = [messages('unchecked'), messages('fewer-devices')];
  return [
    ...(unchecked === '' ? [] : [note('sku-unchecked', unchecked)]),
    ...(fewer === '' ? [] : [note('fewer-devices', fewer)]),
  ];
}
