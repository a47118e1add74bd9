import { describeWhere } from '../errors.js';
import type { Finding } from '../config/findings.js';
import { onOneLine, printable } from '../printable.js';
import { codeFrame } from './code-frame.js';

export const FINDING_FORMATS = ['text', 'json', 'github'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

/** The text of a file, if it can be shown. */
export type TextOf = (file: string) => string | undefined;

/** Formats findings as lines or JSON; if the texts of files are given, lines come with code frames. */
export function renderFindings(findings: readonly Finding[], format: FindingFormat, textOf?: TextOf): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(findings.map(toRow), undefined, 2)}\n`;
    case 'github':
      return findings.map((finding) => `${toAnnotation(finding)}\n`).join('');
    case 'text':
      return findings.map((finding) => `${toText(finding, textOf)}\n`).join('');
  }
}

function toRow({ severity, code, message, where, hint }: Finding) {
  const { file, line, column, key } = where;
  return { severity, code, message, file, line, column, key, hint };
}

function toText({ severity, code, message, where, hint }: Finding, textOf?: TextOf): string {
  const { file, line, column } = where;
  const place = describeWhere({ file, line, column });
  const head = `${place === '' ? '' : `${place}: `}${severity} ${code}: ${message}`;
  const lines = [onOneLine(where.key === undefined ? head : `${head} (key ${where.key})`)];
  if (hint !== undefined) lines.push(`  → ${onOneLine(hint)}`);
  const text = file === undefined || line === undefined ? undefined : textOf?.(file);
  if (text !== undefined) lines.push(printable(codeFrame(text, line ?? 1, column)), '');
  return lines.join('\n');
}

/** A workflow command; GitHub shows it next to the line in a pull request. */
function toAnnotation({ severity, code, message, where, hint }: Finding): string {
  const properties = { file: where.file, line: where.line, col: where.column, title: `sweepline ${code}` };
  const given = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const key = where.key === undefined ? '' : ` (key ${where.key})`;
  const advice = hint === undefined ? '' : `\n${hint}`;
  return `::${severity} ${given.join(',')}::${escapeData(`${message}${key}${advice}`)}`;
}

function escapeData(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
