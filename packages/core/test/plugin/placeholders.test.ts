import { describe, expect, it } from 'vitest';
import { containerFields, fillPlaceholders, z } from '../../src/index.js';

const FACTS = { workspace: '/w', user: 'me7', node: 'n_3', image: 'nvcr.io#a/b:1', port: 8890 };
const fill = (text: string, facts: object = {}) => fillPlaceholders({ text }, { ...FACTS, ...facts }).text;

describe('placeholders of clusters', () => {
  it.each([
    ['{workspace} {user} {user-suffix} {node} {node-suffix} {port}', '/w me7 7 n_3 3 8890'],
    ['{image-name} {image-plus}', 'nvcr.io_a_b_1 nvcr.io+a+b+1'],
    ['{hostname} {uid} {job-id}', '{hostname} {uid} {job-id}'],
    ['{constructor} {{.x}} {}', '{constructor} {{.x}} {}'],
  ])('%s become %s', (text, expected) => {
    expect(fill(text)).toBe(expected);
  });

  it('are filled once: what they stand for is taken as it is', () => {
    expect(fill('{user}', { user: '{node}$&' })).toBe('{node}$&');
    expect(fill('{user-suffix}', { user: '{user}' })).toBe('{user-suffix}');
  });

  it('are filled in keys and values, however deep; the cache first, which others may name', () => {
    const options = {
      'hf-cache': '/cache-{user-suffix}',
      mounts: { '{hf-cache}/hub': '/hub' },
      before: [['ls', '{hf-cache}']],
      writable: true,
    };
    expect(fillPlaceholders(options, FACTS)).toEqual({
      'hf-cache': '/cache-7',
      mounts: { '/cache-7/hub': '/hub' },
      before: [['ls', '/cache-7']],
      writable: true,
    });
  });

  it('that make two keys the same are refused: one of the mounts would be lost', () => {
    const mounts = { '{workspace}': '/a', '/w': '/b' };
    expect(() => fillPlaceholders({ mounts }, FACTS)).toThrow(/both \/w once their placeholders are filled/);
  });

  it('of the cache can’t be the cache', () => {
    const parsed = z.strictObject(containerFields).safeParse({ 'hf-cache': '/c/{hf-cache}' });
    expect(parsed.error?.issues[0]?.message).toBe('expected a folder without {hf-cache} in it');
  });
});
