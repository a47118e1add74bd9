import { z } from '@sweepline/core';
import type { AuditMark } from './rule.js';

const resultSchema = z.object({
  schema: z.string().startsWith('sweepline.result/'),
  marks: z
    .array(z.object({ code: z.string(), severity: z.enum(['note', 'invalid']), message: z.string() }))
    .default([]),
});

/** Marks of a point's result.json, with their lines; of another file none. */
export function marksOf(text: string): readonly AuditMark[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const read = resultSchema.safeParse(value);
  if (!read.success) return [];
  const lines = text.split('\n');
  return read.data.marks.map((mark) => ({
    ...mark,
    line: lines.findIndex((line) => line.includes(`"code": "${mark.code}"`)) + 1 || 1,
  }));
}
