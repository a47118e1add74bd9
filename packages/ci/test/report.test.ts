import { describe, expect, it } from 'vitest';
import type { Collected } from '../src/report/collected.js';
import { commentText, MARKER, type Reported } from '../src/report/comment-text.js';
import type { Comparison, Gate } from '../src/report/judgements.js';
import { setupText } from '../src/report/setup-text.js';

const COLLECTED: Collected = {
  ...{
    name: 'ci-7',
    head: 'a'.repeat(40),
    base: 'b'.repeat(40),
    hasRun: true,
    expected: 4,
    lost: [],
    part: 1,
  },
  ...{ failedCanaries: [], refused: [], later: [], isChained: false, isFork: false, isComplete: true },
};
const RULE: Gate['rules'][number] = {
  rule: 'completeness',
  reason: 'a point hides what broke it',
  status: 'passed',
  findings: [],
};
const CURVE: Comparison['curves'][number] = {
  ...{ curve: 'dsr1 h200', metric: 'tput_per_gpu', change: -0.1, verdict: 'worse', decides: true },
};
const json: Comparison = { a: 'ci-6', b: 'ci-7', verdict: 'worse', reason: 'worse: 1 of 2', curves: [CURVE] };

function comment(more: Partial<Reported> = {}): string {
  const gate: Gate = { status: 'passed', rules: [RULE] };
  return commentText({
    collected: COLLECTED,
    gate,
    comparison: undefined,
    isUnconfirmed: false,
    run: 'https://github.com/a/b/actions/runs/7',
    ...more,
  });
}

const titleOf = (text: string): string => text.split('\n')[1] ?? '';

describe('the comment', () => {
  it('begins with what it is found by, and ends with where it is from', () => {
    expect(comment()).toMatch(new RegExp(`^${MARKER}\n## Sweep: green\\. All 1 rule of the gate`));
    expect(comment()).toContain('Run `ci-7` of commit `aaaaaaaaaaaa` since `bbbbbbbbbbbb`');
    expect(comment()).toMatch(/Unofficial: not a result of InferenceX™\n$/);
  });

  it.each([
    ['Sweep: red. No job has left a result', { collected: { ...COLLECTED, hasRun: false } }],
    [
      'Sweep: red. 1 job left no result',
      { collected: { ...COLLECTED, lost: [{ id: 'c1-1', part: 'rest', name: 'n', runner: 'r' }] } },
    ],
    ['Sweep: red. Points of its jobs have no result', { collected: { ...COLLECTED, isComplete: false } }],
    [
      'Sweep: red. The canary of 1 config failed',
      { collected: { ...COLLECTED, failedCanaries: [{ name: 'n', runner: 'r', rows: 2 }] } },
    ],
    ['Sweep: measured. No gate.yaml says what is good enough', { gate: undefined }],
    [
      'Sweep: red. The gate is closed: completeness',
      { gate: { status: 'failed', rules: [{ ...RULE, status: 'failed' }] } },
    ],
    ['Sweep: undecided. Something seems worse', { isUnconfirmed: true }],
    ['Sweep: undecided.', { gate: { status: 'unsure', rules: [{ ...RULE, status: 'unsure' }] } }],
  ] satisfies readonly [string, Partial<Reported>][])('says: %s', (words, given) => {
    expect(titleOf(comment(given))).toContain(words);
  });

  it('has a picture of what changed, with the largest change first', () => {
    const curves = [
      { ...CURVE, change: 0.01, curve: 'small', verdict: 'same' } satisfies Comparison['curves'][number],
      CURVE,
    ];
    const text = comment({ comparison: { json: { ...json, curves }, markdown: 'table' } });
    expect(text).toContain('Worse than ci-6: worse: 1 of 2');
    expect(text).toContain(
      'title "tput_per_gpu, % of ci-6"\n  x-axis ["dsr1 h200 (worse)", "small (same)"]\n  y-axis "%" 0 --> 120\n  bar [90.00, 101.00]\n  line [100, 100]',
    );
  });

  it('says what is left for later, and that nothing goes on with a pull request', () => {
    const later = ['n'];
    expect(comment({ collected: { ...COLLECTED, later } })).toContain('Of 1 config points are left out');
    expect(comment({ collected: { ...COLLECTED, later, isChained: true } })).toContain(
      'left for the next run',
    );
  });

  it('takes texts of others as they are: no markup, no call, no link', () => {
    const evil =
      '</details><img src=x onerror=y> ```\n| @octocat [x](https://evil.example) ![p](http://e/p.png) www.evil.example <!-- #12 -->';
    const text = comment({
      collected: {
        ...COLLECTED,
        ...{ refused: [evil], lost: [{ id: evil, part: evil, name: evil, runner: evil }] },
        failedCanaries: [{ name: evil, runner: evil, rows: 1 }],
      },
      gate: {
        status: 'failed',
        rules: [
          {
            rule: evil,
            reason: evil,
            status: 'failed',
            findings: [{ status: 'failed', point: evil, message: evil }],
          },
        ],
      },
      comparison: {
        json: { ...json, a: evil, reason: evil, curves: [{ ...CURVE, curve: evil, metric: evil }] },
        markdown: 'the index escapes it; @octocat https://evil.example',
      },
    });
    expect(text).not.toMatch(/@octocat|(?<!\\)<img|https:\/\/evil|www\.evil|(?<!\\)<!-- #|#12/);
    expect(text.match(/(?<!\\)<\/details>/g)).toHaveLength(1);
    // The fences of the picture, and no other.
    expect(text.match(/^```/gm)).toHaveLength(2);
    for (const line of text.split('\n').filter((one) => one.startsWith('| ')))
      expect([4, 5]).toContain(line.match(/(?<!\\)\|/g)?.length);
  });

  it('fits into what GitHub takes, whatever there is to say', () => {
    const findings = Array.from({ length: 5000 }, () => ({
      status: 'failed' as const,
      message: 'x'.repeat(5000),
    }));
    const text = comment({
      gate: { status: 'failed', rules: [{ ...RULE, status: 'failed', findings }] },
      comparison: { json, markdown: 'y\n'.repeat(100_000) },
    });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('and 4980 more');
    expect(text).toContain('actions/runs/7');
  });
});

it('says in the summary why there is nothing to sweep, without its markup', () => {
  expect(setupText('the label <b>x</b> asks for no sweep')).toBe(
    '## Nothing to sweep\n\nthe label \\<b\\>x\\</b\\> asks for no sweep',
  );
});
