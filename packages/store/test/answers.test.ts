import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mcnemar } from '@sweepline/core/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareAnswers } from '../src/compare/answers.js';
import type { Measurement } from '../src/compare/measurements.js';

let root = '';
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'sweepline-answers-'))));
afterAll(() => rm(root, { recursive: true, force: true }));

const QUESTIONS = 200;
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, index) => index);

/** A result whose server answered these questions wrong. */
async function answered(
  run: string,
  series: string,
  wrong: readonly number[],
  asked = QUESTIONS,
): Promise<Measurement> {
  const file = join(root, run, series, 'result.json');
  const answers = Object.fromEntries(
    upTo(asked).map((question) => [`q${question}`, wrong.includes(question) ? 0 : 1]),
  );
  await mkdir(join(dirname(file), 'evals/sums'), { recursive: true });
  await writeFile(join(dirname(file), 'evals/sums/answers.json'), JSON.stringify(answers));
  const evals = [{ task: 'sums', files: ['evals/sums/results.json', 'evals/sums/answers.json'] }];
  await writeFile(file, JSON.stringify({ evals }));
  return {
    ...{
      run,
      series,
      point: series,
      name: series,
      curve: '',
      curveName: '',
      cell: '',
      repeat: 1,
      software: '',
    },
    ...{
      image: undefined,
      node: undefined,
      state: 'completed',
      isValid: true,
      error: undefined,
      marks: [],
      file,
    },
    ...{ job: undefined, provenance: undefined, extra: undefined, origin: 'sweepline', metrics: {} },
  };
}

describe('answers of two runs', () => {
  it('are compared question by question', async () => {
    const before = await answered('a', 's', [0, 1, 2]);
    const [same] = await compareAnswers([before], [await answered('b', 's', [1, 2, 3, 4])]);

    expect(same).toMatchObject({
      ...{ task: 'sums', questions: QUESTIONS, becameWrong: 2, becameRight: 1, verdict: 'same' },
      ...{ a: { right: 197 }, b: { right: 196 } },
    });
    expect(same?.p).toBeCloseTo(1, 12);
  });

  it('are worse, or better, where chance does not explain it', async () => {
    const [good, bad] = [await answered('a', 's', []), await answered('b', 's', upTo(8))];

    expect(await compareAnswers([good], [bad])).toMatchObject([{ verdict: 'worse', becameWrong: 8 }]);
    expect(await compareAnswers([bad], [good])).toMatchObject([{ verdict: 'better', becameRight: 8 }]);
  });

  it('need more where many tasks are compared', async () => {
    const series = upTo(20).map((n) => `s${n}`);
    const before = await Promise.all(series.map((name) => answered('a', name, [])));
    const after = await Promise.all(series.map((name) => answered('b', name, name === 's0' ? upTo(6) : [])));

    expect((await compareAnswers(before.slice(0, 1), after.slice(0, 1)))[0]?.verdict).toBe('worse');
    expect((await compareAnswers(before, after)).map(({ verdict }) => verdict)).not.toContain('worse');
  });

  it('are of questions that both were asked; others, and damaged files, count as nothing', async () => {
    const few = await answered('a', 's', [], 50);
    expect(await compareAnswers([few], [await answered('b', 's', [60, 61])])).toMatchObject([
      { questions: 50, becameWrong: 0 },
    ]);

    await writeFile(join(dirname(few.file ?? ''), 'evals/sums/answers.json'), '{"q0":');
    expect(await compareAnswers([few], [await answered('b', 's', [])])).toEqual([]);
    expect(await compareAnswers([{ ...few, origin: 'inferencex' }], [few])).toEqual([]);
  });
});

describe("McNemar's exact test", () => {
  // Sums of binomial coefficients as whole numbers, over 2^n.
  it.each([
    [[0, 0], 1],
    [[5, 5], 1],
    [[0, 6], 0.03125],
    [[10, 2], 0.03857421875],
    [[40, 20], 0.01348929373119186],
    [[3000, 2800], 0.008969436001193416],
  ] as const)('of %j is %f', ([wrong, right], p) => {
    expect(mcnemar([wrong, right])).toBeCloseTo(p, 9);
    expect(mcnemar([right, wrong])).toBe(mcnemar([wrong, right]));
  });
});
