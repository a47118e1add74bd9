import { z } from 'zod';
import { changelog202602, changelog202608 } from './schema/changelog.js';
import { clusterSchema, clustersSchema } from './schema/clusters.js';
import { evalsSchema } from './schema/evals.js';
import { master202602 } from './schema/master-2026-02.js';
import { master202608 } from './schema/master-2026-08.js';
import { modelsSchema } from './schema/models.js';
import { loadField } from './schema/space.js';
import { scenarioLoadSchema } from '../load/scenario/schema.js';
import { runners202602, runners202608 } from './schema/runners.js';
import { workspaceSchema } from './schema/workspace.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Every kind of config file: the name of its JSON Schema, its title, and the zod schema that checks it. */
const KINDS: readonly (readonly [name: string, title: string, schema: z.ZodType])[] = [
  ['master-config-2026-02', 'Master config, dialect of February 2026 (seq-len-configs)', master202602],
  ['master-config-2026-08', 'Master config, dialect of August 2026 (scenarios)', master202608],
  ['runners-2026-02', 'Runner config, dialect of February 2026 (nodes by label)', runners202602],
  ['runners-2026-08', 'Runner config, dialect of August 2026 (labels and hardware)', runners202608],
  ['changelog-2026-02', 'Changelog that starts sweeps, dialect of February 2026', changelog202602],
  ['changelog-2026-08', 'Changelog that starts sweeps, dialect of August 2026', changelog202608],
  ['clusters', 'configs/clusters.yaml: where nodes are, and how to reach them', clustersSchema],
  ['models', 'configs/models.yaml: how large models are', modelsSchema],
  ['evals', 'configs/evals.yaml: what jobs are asked, and how well they must answer', evalsSchema],
  ['sweepline', 'configs/sweepline.yaml: what a workspace uses', workspaceSchema],
];

/** A launcher whose cluster fields should be in the schema. */
export interface DescribedLauncher {
  readonly name: string;
  readonly options?: z.ZodType;
}

/**
 * The JSON Schemas of all config files, by file name, for editors. Rules that span fields are only checked by the commands.
 * Clusters with other launchers than these may have any fields.
 */
export function jsonSchemas(launchers: readonly DescribedLauncher[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    KINDS.map(([name, title, schema]) => {
      const described = toJson(schema);
      return [
        `${name}.schema.json`,
        { title, ...(schema === clustersSchema ? withLaunchers(described, launchers) : described) },
      ];
    }),
  );
}

function toJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override(context) {
      if (context.zodSchema === loadField) Object.assign(context.jsonSchema, inlined(scenarioLoadSchema));
      tidy(context);
    },
  });
}

/** Removes the header of a schema that is nested in another one: each file has only one. */
function inlined(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = toJson(schema);
  return { propertyNames: undefined, ...rest };
}

/** Removes the bounds of whole numbers that JSON has anyway. */
function tidy({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  if (jsonSchema.type !== 'integer') return;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** An entry has the fields of all clusters, and those of its launcher. */
function withLaunchers(clusters: JsonSchema, launchers: readonly DescribedLauncher[]): JsonSchema {
  const { $schema: _, ...common } = toJson(clusterSchema);
  const cases = launchers.map(({ name, options }) => ({
    if: { properties: { launcher: { const: name } }, required: ['launcher'] },
    then: withCommonFields(toJson(options ?? z.strictObject({})), common),
  }));
  return { ...clusters, additionalProperties: { ...common, allOf: cases } };
}

/** The descriptions of common fields are outside the case. */
function withCommonFields({ $schema: _, ...own }: JsonSchema, common: JsonSchema): JsonSchema {
  const allowed = Object.keys(common.properties ?? {}).map((field) => [field, true] as const);
  return { ...own, properties: { ...Object.fromEntries(allowed), ...own.properties } };
}
