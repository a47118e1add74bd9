import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/index.js';
import { flagsOf, planned, source } from './planning.js';

describe('recipes', () => {
  it('are applied: values as they are, rules to the point, undefined left out', () => {
    const point = planned({
      one: [
        {
          match: { model: 'm' },
          source,
          flags: {
            fixed: 0.85,
            tensor: ({ tp }) => tp,
            interval: ({ concurrency }) => (concurrency >= 16 ? 30 : 10),
            knob: ({ env }) => env['KNOB'],
            none: ({ osl }) => (osl === 8192 ? 1 : undefined),
          },
        },
      ],
    });

    expect(flagsOf(point)).toEqual({ fixed: 0.85, tensor: 2, interval: 10, knob: '7' });
  });

  it('of other packages win where they are more specific', () => {
    const base = { match: { model: 'm' }, source, flags: { of: 'framework' } };
    const vendor = { match: { model: 'm', sku: ['x1', 'x9'] }, source, flags: { of: 'vendor' } };

    expect(flagsOf(planned({ base: [base], vendor: [vendor] }))).toEqual({ of: 'vendor' });
    expect(flagsOf(planned({ base: [base], vendor: [vendor] }, { runner: 'x2' }))).toEqual({
      of: 'framework',
    });
  });

  it('extend the less specific ones by name, take names of theirs away, and replace them where they say so', () => {
    const generic: Recipe = {
      match: {},
      source,
      generic: true,
      flags: { tensor: ({ tp }) => tp, caching: false, length: 10 },
      env: { KEPT: '1' },
    };
    const vendor: Recipe = {
      match: { sku: 'x1' },
      source,
      flags: { length: 20, caching: undefined, own: true },
      env: { OWN: '2' },
    };
    const both = (recipe: Recipe) => planned({ framework: [generic], vendor: [recipe] });

    expect(flagsOf(both(vendor))).toEqual({ tensor: 2, length: 20, own: true });
    expect(both(vendor)).toMatchObject({ plan: { roles: [{ env: { KEPT: '1', OWN: '2' } }] } });
    expect(flagsOf(both({ ...vendor, replaces: true }))).toEqual({ length: 20, own: true });
    // The original has no script for generic recipes; this one belongs to another package.
    expect(planned({ framework: [generic], vendor: [vendor] }, {}, true)).toMatchObject({ state: 'planned' });
  });

  it('extend what is between them and one that replaces the rest', () => {
    const of = (match: Recipe['match'], flags: Recipe['flags'], replaces?: true): Recipe => ({
      ...{ match, source, flags: flags! },
      ...(replaces === undefined ? {} : { replaces }),
    });
    const recipes = {
      framework: [of({}, { a: 0, generic: true }), of({ model: 'm' }, { a: 1, b: 1 }, true)],
      vendor: [of({ model: 'm', sku: 'x1' }, { b: 2 })],
    };

    expect(flagsOf(planned(recipes))).toEqual({ a: 1, b: 2 });
  });

  it('that are equally specific are an error which names both packages', () => {
    const recipe = { match: { model: 'm' }, source };

    expect(() => planned({ one: [recipe], two: [{ match: { sku: 'x1' }, source }] })).toThrow(
      expect.objectContaining({
        code: 'RECIPES_AMBIGUOUS',
        message: expect.stringMatching(/@one\/recipes.*@two\/recipes/) as string,
      }),
    );
  });

  it('that are equally specific are an error below a third one that would extend both, and none below one that replaces them', () => {
    const vendor: Recipe = { match: { model: 'm', sku: 'x1' }, source, flags: { of: 'vendor' } };
    const rivals = { one: [{ match: { model: 'm' }, source }], two: [{ match: { sku: 'x1' }, source }] };

    expect(() => planned({ ...rivals, vendor: [vendor] })).toThrow(
      expect.objectContaining({ code: 'RECIPES_AMBIGUOUS' }),
    );
    expect(flagsOf(planned({ ...rivals, vendor: [{ ...vendor, replaces: true }] }))).toEqual({
      of: 'vendor',
    });
  });

  it('refuse what they can not do, and what there is none for is refused', () => {
    const rejects = (): { readonly reason: string } => ({ reason: 'TP=2 is not supported' });

    expect(planned({ one: [{ match: { model: 'm' }, source, rejects }] })).toMatchObject({
      state: 'rejected',
      rejection: { reason: 'TP=2 is not supported' },
    });
    expect(planned({ one: [{ match: { model: 'other' }, source }] })).toMatchObject({
      state: 'rejected',
      rejection: { reason: expect.stringContaining('no recipe for m in fp8') as string },
    });
    expect(planned({})).toMatchObject({ state: 'planned' });
  });
});
