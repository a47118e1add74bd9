// @ts-check
/** @typedef {import('./run.js').Row} Row */

/** @param {Row} row */
export function summaryLine({ fault, verdict, outcome, before, after }) {
  const change =
    before === undefined && after === undefined
      ? ''
      : ` ${fault.number} ${figure(before)} -> ${figure(after)};`;
  const expected = verdict === 'missed' ? `; expected ${expectation(fault.expect)}` : '';
  return `${verdict.padEnd(7)} ${fault.name.padEnd(24)}${change} ${outcome === undefined ? `needs ${fault.needs}` : told(outcome)}${expected}`;
}

/** @param {readonly Row[]} rows */
export function markdown(rows) {
  const lines = rows.map(({ fault, outcome, before, after, verdict }) =>
    [
      fault.what,
      fault.where,
      `\`${fault.number}\`: ${figure(before)} → ${figure(after)}`,
      verdict === 'skipped' ? `not tried (needs ${fault.needs})` : cell(fault, outcome, verdict),
    ].join(' | '),
  );
  return [
    '| fault | where | number, without → with it | what the result says |',
    '| --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

/** @param {import('./run-fault.js').Fault} fault @param {import('./load.js').Outcome | undefined} outcome @param {Row['verdict']} verdict */
function cell({ expect }, outcome, verdict) {
  if (verdict === 'missed') return `**missed**: expected ${expectation(expect)}`;
  if ('harmless' in expect) return `nothing: ${expect.harmless}`;
  if ('unseen' in expect) return `can't be seen: ${expect.unseen}`;
  return outcome === undefined ? '' : expectation(expect);
}

/** @param {import('./run-fault.js').Fault['expect']} expect */
function expectation(expect) {
  if ('fails' in expect) return `no result, ${expect.fails}`;
  if ('caveat' in expect) return `caveat \`${expect.caveat}\``;
  if ('mark' in expect) {
    const or = (expect.or ?? []).map((mark) => ` or \`${mark}\``).join('');
    return `\`${expect.mark}\`${or} (${expect.severity}${expect.orWorse ? ' or invalid' : ''})`;
  }
  return 'no mark';
}

/** @param {import('./load.js').Outcome} outcome */
function told({ marks, failed, message }) {
  if (failed !== undefined) return `no result, ${failed}: ${message?.slice(0, 120)}`;
  return marks.length === 0
    ? 'no mark'
    : marks.map(({ code, severity }) => `${code} (${severity})`).join(', ');
}

/** @param {number | undefined} value */
const figure = (value) => (value === undefined ? 'none' : Number(value.toPrecision(4)).toLocaleString('en'));
