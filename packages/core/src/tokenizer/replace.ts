import { z } from 'zod';
import { patternOf } from './pattern.js';

/** Replaces what matches a pattern, in normalizers and decoders. */
export const replaceSchema = z.object({
  pattern: z.object({ Regex: z.string().optional(), String: z.string().optional() }),
  content: z.string(),
});

export function replacer({ pattern, content }: z.output<typeof replaceSchema>): (text: string) => string {
  // It is taken as it is. A function that returns it would be called for every space of a text.
  const literal = content.replaceAll('$', '$$$$');
  const { String: wanted } = pattern;
  // Decoders ask for one token after the other, of which few have it.
  if (wanted) return (text) => (text.includes(wanted) ? text.replaceAll(wanted, literal) : text);
  const regex = patternOf(pattern);
  return (text) => text.replace(regex, literal);
}
