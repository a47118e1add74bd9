import { z } from 'zod';
import { patternOf } from './pattern.js';

/** Replaces matches of a pattern, in normalizers and decoders. */
export const replaceSchema = z.object({
  pattern: z.object({ Regex: z.string().optional(), String: z.string().optional() }),
  content: z.string(),
});

export function replacer({ pattern, content }: z.output<typeof replaceSchema>): (text: string) => string {
  // `$` must not be special. A function that returns the content would be called for every space of a text.
  const literal = content.replaceAll('$', '$$$$');
  const { String: wanted } = pattern;
  // Decoders pass one token after another, and few contain it.
  if (wanted) return (text) => (text.includes(wanted) ? text.replaceAll(wanted, literal) : text);
  const regex = patternOf(pattern);
  return (text) => text.replace(regex, literal);
}
