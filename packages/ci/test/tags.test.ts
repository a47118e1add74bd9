import { describe, expect, it } from 'vitest';
import { readReference, withTag } from '../src/images/reference.js';
import { newerTags } from '../src/images/tags.js';

describe('newer tags', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'v0.5.8-cu130',
      ['v0.5.16-cu130', 'v0.5.9-cu130', 'v0.5.17-cu130-amd64', 'v0.5.17', 'latest'],
      ['v0.5.16-cu130', 'v0.5.9-cu130'],
    ],
    ['v0.5.8-cu130', ['v0.5.8.post1-cu130', 'v0.5.8-cu130', 'v0.5.7-cu130'], ['v0.5.8.post1-cu130']],
    ['v0.13.0', ['v0.14.0rc1', 'v0.13.1', 'v0.9.9', '0.14.0'], ['v0.13.1']],
    [
      '1.1.0rc2.post2',
      ['1.1.0rc10', '1.1.0rc2.post3', '1.1.0rc2', '1.1.0', '1.1.0rc2.post2'],
      ['1.1.0', '1.1.0rc10', '1.1.0rc2.post3'],
    ],
    ['0.8.1.post1', ['0.8.1.post3', '1.3.0-dev.1', '1.3.0-dev.1-cuda13'], ['0.8.1.post3']],
    [
      'v0.5.16-rocm720-mi35x-20260726',
      ['v0.5.16-rocm720-mi35x-20260730', 'v0.5.16-rocm720-mi30x-20260730', 'v0.5.17-rocm720-mi35x-20260101'],
      ['v0.5.17-rocm720-mi35x-20260101', 'v0.5.16-rocm720-mi35x-20260730'],
    ],
    [
      'rocm7.2.0-ubuntu24.04-pytorch2.9-atom0.1.1',
      ['rocm7.2.0-ubuntu24.04-pytorch2.9-atom0.1.2', 'rocm7.2.1-ubuntu24.04-pytorch2.9-atom0.1.3'],
      ['rocm7.2.0-ubuntu24.04-pytorch2.9-atom0.1.2'],
    ],
    [
      'nightly-dev-cu13-20260720-b3570a45',
      ['nightly-dev-cu13-20260805-211ee642', 'nightly-dev-20260806-211ee642'],
      ['nightly-dev-cu13-20260805-211ee642'],
    ],
    ['nightly_202606101403', ['nightly_202608201032', 'nightly_202606101402'], ['nightly_202608201032']],
    [
      'rocm7.2.3_py3.12_atom20260511',
      ['rocm7.2.3_py3.12_atom20260601', 'rocm7.2.3_py3.12_atom0.1.3'],
      ['rocm7.2.3_py3.12_atom20260601'],
    ],
    ['sglang-0.5.8-rocm700-mi35x-mori-0210', ['sglang-0.5.8-rocm700-mi35x-mori-0301'], []],
  ])('than %s, of its flavour', (tag, all, newer) => {
    expect(newerTags(tag, all)).toEqual(newer);
  });

  it.each(['kimi-k3', 'gpt-oss-dev', 'latest', 'nightly-5e35a6f4f9bbc217c599692157ca985c894373f7'])(
    'are not known where tags have no order: %s',
    (tag) => {
      expect(newerTags(tag, ['v9.9.9', 'latest'])).toBeUndefined();
    },
  );
});

describe('names of images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each<[string, string, string, string?]>([
    ['ubuntu', 'docker.io', 'library/ubuntu'],
    ['docker.io/ubuntu:22.04', 'docker.io', 'library/ubuntu', '22.04'],
    ['lmsysorg/sglang:v0.5.8-cu130', 'docker.io', 'lmsysorg/sglang', 'v0.5.8-cu130'],
    ['nvcr.io#nvidia/tensorrt-llm/release:1.1.0', 'nvcr.io', 'nvidia/tensorrt-llm/release', '1.1.0'],
    ['ghcr.io/a/b@' + digest, 'ghcr.io', 'a/b'],
    ['localhost/a', 'localhost', 'a'],
    ['127.0.0.1:5000/a/b:c', '127.0.0.1:5000', 'a/b', 'c'],
  ])('are read as docker does: %s', (written, registry, repository, tag) => {
    const read = readReference(written);
    expect([read?.registry, read?.repository, read?.tag]).toEqual([registry, repository, tag]);
  });

  it.each(['host', 'a/B', 'a:b c', '', 'a@sha256:1', 'nvcr.io/../x', 'a/b?x=1', 'evil.com:99999999/x'])(
    'are not %j',
    (written) => {
      expect(readReference(written)).toBeUndefined();
    },
  );

  it('keep what comes before the tag', () => {
    const read = readReference('nvcr.io#nvidia/x:1.0')!;
    expect(withTag(read, '1.1', undefined)).toBe('nvcr.io#nvidia/x:1.1');
    expect(withTag(read, '1.1', digest)).toBe(`nvcr.io#nvidia/x:1.1@${digest}`);
  });
});
