import { z } from 'zod';
import { text } from './common.js';

const day = text.regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a date such as 2026-11-25' });

/** Where figures of a config come from. */
export const source = z.strictObject({
  what: text.describe('What it says, and how the figure follows from it.'),
  url: text
    .regex(/^https:\/\//, { error: 'expected an address that starts with https://' })
    .optional()
    .describe('Address of the source.'),
  date: day.describe('Date when it was looked up.'),
});
