import { describe, expect, it } from 'vitest';
import { CODEC_CHECKS } from '../../src/testing/codec-checks.js';
import { frameworkSubject } from '../../src/testing/framework-subject.js';

/** What the checks have against a framework with a codec, by the check's title. */
async function complaints(codec: string): Promise<Record<string, string>> {
  const plan = (): never => expect.unreachable('there is no job to plan');
  const framework = {
    kind: 'framework',
    name: 'acme',
    apiVersion: 2,
    frameworks: ['acme'],
    codec,
    plan,
  } as const;
  const subject = frameworkSubject([framework], { jobs: [] });
  const found: Record<string, string> = {};
  for (const check of CODEC_CHECKS) {
    try {
      await check.run(subject);
    } catch (thrown) {
      found[check.title] = (thrown as Error).message;
    }
  }
  return found;
}

const fixture = (name: string): string => new URL(`../fixtures/codecs/${name}`, import.meta.url).href;

describe('a codec', () => {
  it('of one ES module that needs nothing else keeps to the contract', async () => {
    expect(await complaints(fixture('whole.js'))).toEqual({});
  });

  it.each([
    ['imports a module next to it', 'imports.js', /imports\.js imports \.\/whole\.js$/],
    ['imports packages', 'package.js', /package\.js imports vitest, @sweepline\/core$/],
    ['reads a file next to it', 'reads.js', /a copy of .*reads\.js alone does not work: .*ENOENT/],
    ['is not an ES module', 'common.cjs', /common\.cjs is not an ES module/],
  ])('that %s is not self-contained', async (_, name, message) => {
    expect(await complaints(fixture(name))).toEqual({
      'names codecs that are self-contained modules: only the module itself is copied to where the load runs':
        expect.stringMatching(message) as string,
    });
  });
});
