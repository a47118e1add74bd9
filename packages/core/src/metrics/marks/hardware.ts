import { note, type Mark } from './mark.js';

/** Uncertain facts about a node's devices. */
export function hardwareMarks(
  findings: readonly {
    readonly kind: 'unchecked' | 'fewer-devices' | 'node-shared';
    readonly message: string;
  }[],
): readonly Mark[] {
  const messages = (kind: string): string =>
    [...new Set(findings.filter((one) => one.kind === kind).map(({ message }) => message))].join('; ');
  const [unchecked, fewer] = [messages('unchecked'), messages('fewer-devices')];
  const shared = messages('node-shared');
  return [
    ...(unchecked === '' ? [] : [note('sku-unchecked', unchecked)]),
    ...(fewer === '' ? [] : [note('fewer-devices', fewer)]),
    ...(shared === ''
      ? []
      : [
          note(
            'node-shared',
            `after the server had ended, ${shared}: it may have come while this was measured`,
          ),
        ]),
  ];
}
