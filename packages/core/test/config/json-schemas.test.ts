import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchemas } from '../../src/config/json-schemas.js';

const REPOSITORY = join(import.meta.dirname, '../../../..');
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

interface Fields {
  readonly properties: object;
}

interface Entry extends Fields {
  readonly allOf: readonly { readonly if: object; readonly then: Fields }[];
}

describe('JSON Schemas', () => {
  it('of clusters have the fields of their launchers, and any for launchers that are not known', () => {
    const options = z.strictObject({ partition: z.string(), ['mount-home']: z.boolean().optional() });
    const clusters = jsonSchemas([{ name: 'acme', options }, { name: 'plain' }])['clusters.schema.json'];
    const { additionalProperties: entry } = clusters as { readonly additionalProperties: Entry };
    const common = ['sku', 'runners', 'launcher', 'nodes', 'port', 'fabric', 'settings'];
    const [acme, plain] = entry.allOf;

    expect(entry).toMatchObject({ type: 'object', required: ['sku', 'launcher'] });
    expect(entry).not.toHaveProperty('additionalProperties');
    expect(Object.keys(entry.properties)).toEqual(common);
    expect(acme?.if).toEqual({ properties: { launcher: { const: 'acme' } }, required: ['launcher'] });
    expect(acme?.then).toMatchObject({ additionalProperties: false, required: ['partition'] });
    expect(Object.keys(acme?.then.properties ?? {})).toEqual([...common, 'partition', 'mount-home']);
    expect(Object.keys(plain?.then.properties ?? {})).toEqual(common);
  });

  it('are named by every config of the repository, by a path that leads to them', () => {
    const configs = readdirSync(join(REPOSITORY, 'configs'), { recursive: true, encoding: 'utf8' });
    const yaml = configs.filter((file) => file.endsWith('.yaml'));

    expect(yaml.length).toBeGreaterThan(2);
    for (const file of yaml) {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(`configs/${file}`)) ?? [];
      expect(Object.keys(jsonSchemas([])), file).toContain(schema.replace(/^.*\//, ''));
      expect(() => read(join('configs', file, '..', schema)), file).not.toThrow();
    }
  });

  it('describe every field', () => {
    const undescribed = Object.entries(jsonSchemas([])).flatMap(([file, schema]) =>
      fieldsWithoutDescription(schema, file),
    );
    expect(undescribed).toEqual([]);
  });
});

function fieldsWithoutDescription(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const own =
      key === 'properties'
        ? Object.entries(value as Readonly<Record<string, object | true>>)
            .filter(([, field]) => field !== true && !('description' in field))
            .map(([name]) => `${path}: ${name}`)
        : [];
    return [...own, ...fieldsWithoutDescription(value, path)];
  });
}
