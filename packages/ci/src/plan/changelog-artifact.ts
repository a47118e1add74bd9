import { z } from '@sweepline/core';

const metadata = z.object({
  base_ref: z.string(),
  head_ref: z.string(),
  entries: z.array(
    z.object({
      'config-keys': z.array(z.string()),
      description: z.union([z.string(), z.array(z.string())]),
      'pr-link': z.string().optional(),
      'evals-only': z.boolean().optional(),
    }),
  ),
});

/** The dashboard shows keys of this form alone: `{prefix}-{precision}-{gpu}-{framework}[-mtp]`. */
const SHOWN = /^[a-z0-9.]+(?:-[a-z0-9.]+){3,}$/;
const PRIVATE_PATH = /(?:^|\s)(?:\/home\/|\/Users\/|~\/|[A-Za-z]:\\)/;

/** `changelog_metadata.json` for InferenceX's dashboard, which would skip all benchmarks for one entry that is only for evals. */
export function changelogArtifact(changelog: unknown): z.output<typeof metadata> | undefined {
  const read = metadata.safeParse(changelog);
  if (!read.success) return undefined;
  const entries = read.data.entries
    .filter((entry) => entry['evals-only'] !== true)
    .map((entry) => ({
      ...entry,
      'config-keys': entry['config-keys'].filter((key) => SHOWN.test(key)),
      description: [entry.description].flat().filter((line) => !PRIVATE_PATH.test(line)),
    }))
    .filter((entry) => entry['config-keys'].length > 0);
  return entries.length === 0 ? undefined : { ...read.data, entries };
}
