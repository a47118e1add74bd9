import { onOneLine } from '@sweepline/core';
import type { GateReport, RuleReport } from '../gate/gate.js';

const STATUS = { passed: 'passed', failed: 'FAILED', unsure: "CAN'T SAY" } as const;

export function gateText({ run, status, rules, unused }: GateReport): string {
  return [
    `${STATUS[status]}: ${run}`,
    ...rules.flatMap(ruleLines),
    ...unused.map(
      ({ file, rule, author, expires, hasExpired }) =>
        `waiver ${file} (${rule}, ${author}): ${hasExpired ? `it expired on ${expires}` : 'it waives nothing'}`,
    ),
  ]
    .map((line) => `${onOneLine(line)}\n`)
    .join('');
}

function ruleLines({ rule, reason, status, findings }: RuleReport): readonly string[] {
  return [
    `${STATUS[status].padEnd(9)} ${rule}: ${reason}`,
    ...findings.map(({ point, status: found, message, waivedBy }) => {
      const what = `${found === 'unsure' ? "can't say: " : ''}${point === undefined ? '' : `${point}: `}${message}`;
      return waivedBy === undefined
        ? `  ${what}`
        : `  waived by ${waivedBy.author} until ${waivedBy.expires} (${waivedBy.reason}): ${what}`;
    }),
  ];
}
