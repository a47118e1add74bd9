import { z } from '@sweepline/core';
import { manifestSchema, signatureSchema } from './manifest.js';

/** The JSON Schemas of a bundle's own files, by file name. */
export function bundleJsonSchemas(): Readonly<Record<string, object>> {
  const made = (title: string, schema: z.ZodType): object => ({
    title,
    ...z.toJSONSchema(schema, { target: 'draft-7' }),
  });
  return {
    'bundle-1.schema.json': made('manifest.json of a bundle', manifestSchema),
    'bundle-signature-1.schema.json': made('manifest.sig.json of a bundle', signatureSchema),
  };
}
