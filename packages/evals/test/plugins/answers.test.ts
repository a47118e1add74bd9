import { describe, expect, it } from 'vitest';
import { answersIn, answersLogged } from '../../src/plugins/answers.js';

const sample = (index: number, strict: 0 | 1, loose: 0 | 1) =>
  JSON.stringify({
    ...{
      index,
      doc: `d${index}`,
      prompt: 'p',
      target: '4',
      answer: '4',
      from: 'content',
      attempts: 1,
      ms: 3,
    },
    filtered: { strict: '4', loose: '4' },
    scores: { exact_match: { strict, loose } },
  });
const logged = (id: number, filter: string, score: number) =>
  JSON.stringify({ doc_id: id, doc_hash: `h${id}`, filter, exact_match: score });

describe('whether questions were answered right', () => {
  it('is read from the samples of the runner, by one score', () => {
    const text = `${sample(0, 1, 1)}\n${sample(1, 0, 1)}\n`;

    expect(answersIn(text, { metric: 'exact_match', filter: 'strict', value: 0.5 })).toEqual([
      { id: '0:d0', right: true },
      { id: '1:d1', right: false },
    ]);
    expect(
      answersIn(text, { metric: 'exact_match', filter: 'loose', value: 1 }).every(({ right }) => right),
    ).toBe(true);
  });

  it('is read from what lm-eval logs, of the pipeline of that score', () => {
    const text = [logged(0, 'strict', 1), logged(0, 'loose', 0), logged(1, 'strict', 0)].join('\n');

    expect(answersLogged(text, { metric: 'exact_match', filter: 'strict', value: 0.5 })).toEqual([
      { id: '0:h0', right: true },
      { id: '1:h1', right: false },
    ]);
  });

  it('is nothing where a line is damaged', () => {
    const score = { metric: 'exact_match', filter: 'strict', value: 1 };
    expect(() => answersIn('{"index":0', score)).toThrow();
    expect(() => answersLogged('{}', score)).toThrow();
    expect(() => answersIn(sample(0, 0, 1), score)).toThrow('the score is 1, and 0 of');
    expect(() => answersIn(sample(0, 1, 1), { ...score, filter: 'other' })).toThrow(
      'no exact_match of other',
    );
  });
});
