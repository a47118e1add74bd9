import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../src/config/json-schemas.js';

const REPOSITORY = join(import.meta.dirname, '../../../..');
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

describe('JSON Schemas', () => {
  it('in the repository are those of this code (npm run schemas makes them)', () => {
    const schemas = jsonSchemas();
    const files = readdirSync(join(REPOSITORY, 'schemas')).filter((file) => file.endsWith('.schema.json'));

    expect(files.sort()).toEqual(Object.keys(schemas).sort());
    for (const file of files) expect(JSON.parse(read(`schemas/${file}`)), file).toEqual(schemas[file]);
  });

  it('are named by every config of the repository, by a path that leads to them', () => {
    const configs = readdirSync(join(REPOSITORY, 'configs'), { recursive: true, encoding: 'utf8' });
    const yaml = configs.filter((file) => file.endsWith('.yaml'));

    expect(yaml.length).toBeGreaterThan(2);
    for (const file of yaml) {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(`configs/${file}`)) ?? [];
      expect(Object.keys(jsonSchemas()), file).toContain(schema.replace(/^.*\//, ''));
      expect(() => read(join('configs', file, '..', schema)), file).not.toThrow();
    }
  });

  it('describe every field', () => {
    const undescribed = Object.entries(jsonSchemas()).flatMap(([file, schema]) =>
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
        ? Object.entries(value as Readonly<Record<string, object>>)
            .filter(([, field]) => !('description' in field))
            .map(([name]) => `${path}: ${name}`)
        : [];
    return [...own, ...fieldsWithoutDescription(value, path)];
  });
}
