import { describe, expect, it } from 'vitest';
import { checkPlugins } from '../../src/plugin/check.js';

const hardware = (device: unknown) => [
  { kind: 'hardware', name: 'acme', apiVersion: 2, skus: [{ name: 'acme-x1', device, devicesPerNode: 1 }] },
];
const launcher = (members: object) => [
  { kind: 'launcher', name: 'batch', apiVersion: 2, acquire: () => {}, ...members },
];

describe('what plugins are checked for', () => {
  it('devices may be of any kind that has a kebab-case name', () => {
    expect(checkPlugins(hardware('tpu'), 'acme')).toHaveLength(1);
    expect(checkPlugins(hardware('wafer-scale'), 'acme')).toHaveLength(1);
    for (const device of ['Big TPU', '', undefined, 7]) {
      expect(() => checkPlugins(hardware(device), 'acme')).toThrow(/skus\.0\.device: /);
    }
  });

  it('what a launcher prints plans with is a function, its options are a schema', () => {
    expect(checkPlugins(launcher({ commands: () => [] }), 'acme')).toHaveLength(1);
    expect(() => checkPlugins(launcher({ commands: [] }), 'acme')).toThrow(/commands: expected a function/);
    expect(() => checkPlugins(launcher({ options: {} }), 'acme')).toThrow(/options: expected a zod schema/);
  });
});
