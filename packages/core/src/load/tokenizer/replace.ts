import { z } from 'zod';
import { patternOf } from './pattern.js';

/** Replaces what matches a pattern, in normalizers and decoders. */
export const replaceSchema = z.object({
  pattern: z.object({ Regex: z.string().optional(), String: z.string().optional() }),
  content: z.string(),
});

export function replacer({ pattern, content }: z.output<typeof replaceSchema>): (text: string) => string {
  const regex = patternOf(pattern);
  // It is taken as it is. A function that returns it would be called for every space of a text.
  const literal = content.replaceAll('$', '$$$$');
  return (text) => text.replace(regex, literal);
}
