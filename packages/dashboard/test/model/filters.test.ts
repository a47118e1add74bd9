import { describe, expect, test } from 'vitest';
import { busiestOf, choiceOf } from '../../src/model/choice.js';
import { csvText } from '../../src/model/csv.js';
import { ALL, facetCodes, findRows, formatValues, loosening, parseValues } from '../../src/model/filters.js';
import { seriesNames, seriesOfRows } from '../../src/model/series.js';
import { flagColumn, numberColumn, textColumn, textsColumn, type TableData } from '../../src/site/table.js';

const points: TableData = {
  rows: 5,
  columns: {
    infmax_model_prefix: textColumn(['dsr1', 'dsr1', 'dsr1', 'gptoss', 'dsr1']),
    isl: numberColumn([1024, 1024, 1024, 1024, 1024]),
    osl: numberColumn([1024, 1024, 1024, 1024, 1024]),
    sku: textColumn(['h200', 'b200', 'h200', 'h200', undefined]),
    framework: textColumn(['sglang', 'trt', 'sglang', 'sglang', 'trt']),
    state: textColumn(['completed', 'completed', 'failed', 'completed', 'completed']),
    is_valid: flagColumn([true, true, undefined, true, true]),
    marks: textsColumn([['a,b'], [], [], [], []]),
  },
};
const facets = facetCodes(points);
const find = (params: Readonly<Record<string, string>>, words = '') => {
  const choice = choiceOf(facets, params, busiestOf(points, facets));
  const texts = () => ['h200 sglang', 'b200 trt', 'h200', 'gptoss', 'trt'];
  return { choice, found: findRows(facets, choice, { words, texts }) };
};
const countsOf = (found: ReturnType<typeof find>['found'], key: string) =>
  Object.fromEntries((found.options.get(key) ?? []).map(({ value, count }) => [value, count]));

describe('filters', () => {
  test('choose the valid points of the busiest model at first, and list those of other outcomes', () => {
    const { found } = find({});
    expect(found.rows).toEqual([0, 1, 4]);
    expect(found.ofAnyOutcome).toEqual([0, 1, 2, 4]);
  });

  test('count what each option would show, the others staying as they are', () => {
    const { found } = find({ sku: 'b200' });
    expect(found.rows).toEqual([1]);
    expect(countsOf(found, 'sku')).toEqual({ h200: 1, b200: 1, '(none)': 1 });
    expect(countsOf(found, 'framework')).toEqual({ sglang: 0, trt: 1 });
    expect(find({ sku: '(none)' }).found.rows).toEqual([4]);
  });

  test('take values with commas and stars, and search words', () => {
    const odd = ['a,b', '*', String.raw`c\d`];
    expect(parseValues(formatValues(odd))).toEqual(odd);
    expect(find({ marks: formatValues(['a,b']) }).found.rows).toEqual([0]);
    expect(find({ model: ALL, state: ALL }).found.rows).toEqual([0, 1, 2, 3, 4]);
    expect(find({ model: ALL }, 'H200 sg').found.rows).toEqual([0]);
  });

  test('say which one to loosen where nothing is left', () => {
    const { found, choice } = find({ sku: 'b200', framework: 'sglang' });
    expect(found.rows).toEqual([]);
    expect(loosening(found, choice)).toEqual([
      { key: 'sku', count: 1 },
      { key: 'framework', count: 1 },
    ]);
    const gone = find({ sku: 'tpu' });
    expect(gone.found.options.get('sku')).toContainEqual({ value: 'tpu', count: 0, isChosen: true });
  });
});

test('series are named by what they are, and by what tells them apart', () => {
  const { series, ofRow } = seriesOfRows(facets, false);
  expect(new Set(ofRow).size).toBe(4);
  expect(ofRow[0]).toBe(ofRow[2]);
  expect([...seriesNames(series).values()].sort()).toEqual([
    'dsr1 b200 trt',
    'dsr1 h200 sglang',
    'dsr1 trt',
    'gptoss h200 sglang',
  ]);
  expect([...seriesNames(series.slice(0, 1)).values()]).toEqual(['trt']);
});

test('cells of CSV are no formulas, and numbers stay numbers', () => {
  expect(
    csvText(
      ['name (a, b)', 'n'],
      [
        ['=1+1', -1.5],
        ['-x', undefined],
        ['"q"', 0],
      ],
    ),
  ).toBe('"name (a, b)",n\r\n\'=1+1,-1.5\r\n\'-x,\r\n"""q""",0\r\n');
});
