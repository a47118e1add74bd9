import type { NamedDiagnosis } from '../doctor/doctor.js';
import { onOneLine } from '../printable.js';
import type { Style } from '../style.js';

const MARKS = { ok: 'good', warning: 'caution', problem: 'bad' } as const satisfies Record<
  NamedDiagnosis['state'],
  keyof Style
>;
const WIDEST_STATE = 'warning'.length;

/** One line per finding, and one for its hint. */
export function renderDiagnoses(all: readonly NamedDiagnosis[], style: Style): string {
  const width = Math.max(...all.map(({ check }) => check.length));
  return all
    .map(({ state, check, code, message, hint }) => {
      const head = style[MARKS[state]](state) + ' '.repeat(WIDEST_STATE - state.length);
      const said = onOneLine(code === undefined ? message : `${code}: ${message}`);
      const advice = hint === undefined ? '' : `\n${style.hint(`  → ${onOneLine(hint)}`)}`;
      return `${head}  ${check.padEnd(width)}  ${said}${advice}\n`;
    })
    .join('');
}
