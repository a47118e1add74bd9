import { describe, expect, it } from 'vitest';
import {
  PLACEHOLDERS,
  addressResolver,
  dateText,
  placeholderResolver,
  resolveText,
} from '../../src/plan/resolve.js';
import type { Role, Text } from '../../src/plugin/index.js';

const text: Text = [
  [
    'http://',
    { ref: 'host', role: 'decode', index: 1 },
    ':',
    { ref: 'port', role: 'decode', index: 1, name: 'kv' },
  ],
  [' on ', { ref: 'date' }],
].flat() as Text;

describe('references in launch plans', () => {
  it('become the addresses of the nodes that were given, and the day', () => {
    const replica = (host: string) => ({ host, ip: '10.0.0.1', ports: { http: 80, kv: 81 } });
    const resolve = addressResolver(
      { decode: [replica('a'), replica('b')] },
      { ...PLACEHOLDERS, date: dateText(new Date('2026-03-04T05:06:07Z')) },
      0,
    );

    expect(resolveText(text, resolve)).toBe('http://b:81 on 20260304');
  });

  it('are placeholders while there are no nodes', () => {
    const role = {
      name: 'decode',
      replicas: 2,
      ports: [{ name: 'http' }, { name: 'kv', fixed: 5557 }],
    } as unknown as Role;

    expect(resolveText(text, placeholderResolver([role], 8888))).toBe(
      'http://{host:decode:1}:5557 on {YYYYMMDD}',
    );
  });

  it('to nothing are errors of the plan', () => {
    const resolve = addressResolver({}, PLACEHOLDERS, 0);

    expect(() => resolveText([{ ref: 'ip', role: 'router' }], resolve)).toThrow(
      /refers to .*router.*no such replica/,
    );
  });
});
